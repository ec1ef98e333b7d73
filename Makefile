# Every word a person types. `make help` lists them.
UV := .uv/bin/uv
RUN := $(UV) run --no-sync
RASA_PYTHON := bot/assistant/.venv/bin/python
DATABASES := sqlite postgresql
RASA_LINES := --locked --no-dev --project bot/assistant

.PHONY: help run test install install-test check fast test-assistant test-conversations test-browser test-system benchmark chaos evaluate-nlu prove-levers prove-owner format

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 22

run: install ## Everything a fresh machine needs, then the whole product on http://127.0.0.1:8000
	@$(RUN) rapport up

test: install-test ## Everything a fresh machine needs, then all tests
	@$(MAKE) --no-print-directory check fast test-assistant test-conversations test-browser test-system

$(UV):
	@python3 scripts/get_uv.py .uv

install: $(UV)
	@$(UV) sync --locked --no-dev --inexact --extra embeddings
	@$(UV) sync $(RASA_LINES) --inexact --extra embeddings

install-test: $(UV)
	@$(UV) sync --locked --all-extras
	@$(UV) sync --locked --all-extras --project bot/assistant
	@sh scripts/get_chromium.sh

check: ## Lint and types
	@$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy

fast: ## The fast tests: no browser, no trained assistant
	@$(RUN) pytest -m "not rasa and not browser and not system" -n 2

test-assistant: ## What runs inside Rasa's environment
	@$(RASA_PYTHON) -m pytest tests/bot/assistant

test-conversations: ## Conversations with the trained assistant
	@$(RUN) pytest -m "rasa and not system"

test-browser: ## Pages in a real browser
	@$(RUN) pytest -m "browser and not system and not rasa"

test-system: ## The whole product, used by a customer, an agent and a manager
	@$(RUN) pytest -m system

benchmark: ## Figures beside stock Rasa (long)
	@$(RUN) python -m benchmarks.startup && $(RUN) python -m benchmarks.messages

chaos: install ## Kill, pause and cut everything under load, on SQLite and PostgreSQL (long; ARGUMENTS="--messages 1000", DATABASES=sqlite)
	@for database in $(DATABASES); do $(RUN) python -m benchmarks.chaos --database $$database $(ARGUMENTS) || exit 1; done

evaluate-nlu: ## Understanding, on other people's sets and beside other people's classifiers (long; ARGUMENTS=--quick)
	@$(RUN) python -m benchmarks.nlu $(ARGUMENTS)

prove-levers: ## That the quicker parts in Rasa's places change no event and no reply (long)
	@$(RUN) python -m benchmarks.assistant_equality

prove-owner: ## That one has each conversation, whatever is done in whatever order: 10,000 examples (long; EXAMPLES=…)
	@RAPPORT_TEST_EXAMPLES=$(or $(EXAMPLES),10000) $(RUN) pytest -q tests/crm_core/conversations/test_owner_machine.py tests/crm_core/use_cases/test_conversation_machine.py -n 2

format: ## Bring the code into shape
	@$(RUN) ruff check --fix . ; $(RUN) ruff format .
