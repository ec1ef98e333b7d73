"""These tests need Rasa; the main environment, which has none, leaves them out."""

from __future__ import annotations

import importlib.util
import warnings

import pytest

from tests.bot.assistant import small_bot

collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py", "levers/*.py"]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small bot, trained once."""
    import rasa

    folder = tmp_path_factory.mktemp("bot")
    files = {"domain.yml": small_bot.DOMAIN, "config.yml": small_bot.CONFIG}
    files |= {"data/nlu.yml": small_bot.NLU, "data/rules.yml": small_bot.RULES}
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trained = rasa.train(
            domain=str(folder / "domain.yml"),
            config=str(folder / "config.yml"),
            training_files=[str(folder / "data")],
            output=str(folder / "models"),
        )
    assert trained.model
    return str(trained.model)
