"""What is read once is what Rasa reads; what is wrong is said each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.utils import io, validation

from bot.assistant.levers.file_reading import check_once, read_once

DOMAIN = Path(__file__).parents[4] / "bot" / "assistant" / "domain"
NLU = "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - hello 你好 😀\n"
SCHEMA = "shared/nlu/training_data/schemas/nlu.yml"


@pytest.mark.parametrize("path", sorted(DOMAIN.glob("*.yml")), ids=lambda path: path.name)
def test_the_same_is_read_as_by_rasa_the_first_time_and_the_second(path: Path) -> None:
    read, text = read_once(io.read_yaml), path.read_text("utf-8")
    assert read(text) == read(text) == io.read_yaml(text)


def test_who_changes_what_was_read_changes_it_for_nobody_else() -> None:
    read = read_once(io.read_yaml)
    read(NLU)["nlu"].clear()
    assert read(NLU)["nlu"][0]["intent"] == "greet"


def test_a_text_that_names_variables_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_once(io.read_yaml)
    for value in ("first", "second"):
        monkeypatch.setenv("RAPPORT_TEST_VALUE", value)
        assert read("key: ${RAPPORT_TEST_VALUE}") == {"key": value}


def test_what_is_right_is_checked_once_and_what_is_wrong_is_refused_each_time() -> None:
    asked = []

    def check(content: str, schema: str) -> None:
        asked.append(content)
        validation.validate_yaml_schema(content, schema)

    once = check_once(check)
    wrong = NLU.replace("intent:", "intention:")
    for _ in range(2):
        once(NLU, SCHEMA)
        with pytest.raises(YamlException):
            once(wrong, SCHEMA)
    assert asked == [NLU, wrong, wrong]
