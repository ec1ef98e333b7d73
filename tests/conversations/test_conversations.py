"""Every conversation of the YAML files, played against the trained assistant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.conftest import Stage
from tests.conversations.play import Play
from tests.conversations.script import Script, read, read_all


@pytest.mark.rasa
@pytest.mark.parametrize("script", [pytest.param(script, id=script.id) for script in read_all()])
def test_conversation(script: Script, stage: Stage) -> None:
    """The assistant answers each step as the script expects."""
    Play(stage.crm, stage.assistant, script, stage.cast.find(script.who, script.language)).run()


def test_an_unknown_key_in_a_script_is_an_error(tmp_path: Path) -> None:
    """A misspelt expectation would otherwise never be checked."""
    folder = tmp_path / "happy_path"
    folder.mkdir()
    path = folder / "test_x.yml"
    path.write_text("conversations:\n  - name: a\n    steps:\n      - {user: hi, sais: hello}\n")
    with pytest.raises(ValueError, match="sais"):
        read(path, tmp_path)


def test_a_step_without_anything_said_is_an_error(tmp_path: Path) -> None:
    """A step is something that the customer does."""
    folder = tmp_path / "happy_path"
    folder.mkdir()
    path = folder / "test_x.yml"
    path.write_text("conversations:\n  - name: a\n    steps:\n      - {bot: utter_x}\n")
    with pytest.raises(ValueError, match="`user` or `press`"):
        read(path, tmp_path)
