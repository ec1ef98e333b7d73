"""What nothing names is not loaded; what is named is, and the libraries themselves are left alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.__main__ import named_by

ROOT = Path(__file__).parents[4]
LOAD = """
import json, sys
from bot.assistant.levers import kept_out, switches
kept_out.keep_out(switches.chosen({{"RAPPORT_FAST": {fast!r}}}), {named!r})
import rasa.core.run
import rasa.engine.recipes.default_components as components
{more}
libraries = ("tensorflow", "sklearn", "matplotlib", "telebot", "aiogram", "slack_sdk", "questionary")
print(json.dumps([name for name in libraries if name in sys.modules]))
"""


def run_python(text: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, where nothing of Rasa is imported yet."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", text], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def loaded(fast: str, named: set[str], more: str = "") -> list[str]:
    """Give which libraries are in the process after Rasa was imported."""
    done = run_python(LOAD.format(fast=fast, named=named, more=more))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_model_of_ours_is_served_without_tensorflow_and_scikit_learn(model: str) -> None:
    more = f"from rasa.core.agent import Agent; assert Agent.load({model!r}).is_ready()"
    assert loaded("all", {"RegexEntityExtractor"}, more) == []


def test_what_is_named_is_loaded() -> None:
    libraries = loaded("all", {"rasa.nlu.classifiers.diet_classifier.DIETClassifier", "slack"})
    assert {"tensorflow", "slack_sdk"} <= set(libraries)
    assert "aiogram" not in libraries


def test_each_switch_is_its_own() -> None:
    libraries = loaded("no_tensorflow", set())
    assert "tensorflow" not in libraries
    assert "aiogram" in libraries


def test_without_the_switches_rasa_is_as_it_was() -> None:
    assert {"tensorflow", "sklearn", "matplotlib", "aiogram"} <= set(loaded("none", set()))


def test_tensorflow_itself_can_still_be_imported() -> None:
    assert "tensorflow" in loaded("all", set(), "import tensorflow; tensorflow.constant(1)")


def test_using_what_was_kept_out_says_which_switch_brings_it_back() -> None:
    uses = "for use in (lambda: components.DIETClassifier({}), lambda: components.TEDPolicy.create(1, 2, 3, 4)):"
    tries = "\n    try: use()\n    except kept_out.PartKeptOut as error: print(error)"
    said = run_python(LOAD.format(fast="all", named=set(), more=uses + tries)).stdout
    assert said.count("RAPPORT_FAST without no_tensorflow loads it") == 2
    assert "rasa.core.policies.ted_policy.TEDPolicy" in said


def test_a_training_is_asked_by_its_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline: [{name: a.B}, {name: DIETClassifier}]\npolicies: [{name: TEDPolicy}]\n")
    assert named_by(["train", "--force", "-c", str(config)]) == {"a.B", "DIETClassifier", "TEDPolicy"}
    config.write_text("pipeline: [{name: a.B}]\n")
    assert named_by(["train", "--config", str(config)]) is None, "Rasa fills in policies of its own"


def test_a_server_is_asked_by_its_model_and_its_channels(model: str, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("slack: {slack_token: a}\n")
    named: Any = named_by(["run", "--model", model, "--credentials", str(credentials), "-p", "5005"])
    assert {"rasa.nlu.extractors.regex_entity_extractor.RegexEntityExtractor", "slack"} <= named


@pytest.mark.parametrize("arguments", [[], ["shell"], ["run"], ["run", "--model", "models"], ["run", "actions"]])
def test_where_it_cannot_be_known_nothing_is_kept_out(arguments: list[str]) -> None:
    assert named_by(arguments) is None
