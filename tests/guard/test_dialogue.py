"""The dialogue's files fit together: one definition each, every name known, every capability complete."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Action

import actions

ROOT = Path(__file__).parent.parent.parent
DOMAIN = ROOT / "bot" / "assistant" / "domain"
CAPABILITIES = (
    *("smalltalk", "order_status", "order_cancel", "order_address", "order_return", "payment", "account"),
    *("product_search", "recommend", "feedback", "store_info", "handoff", "rating"),
)


@cache
def domain_files() -> dict[str, dict[str, Any]]:
    """Read every file of the domain."""
    return {
        path.name: yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) for path in sorted(DOMAIN.glob("*.yml"))
    }


def names(section: Any) -> list[str]:
    """Give the names that one section of a domain file defines."""
    if isinstance(section, dict):
        return list(section)
    return [next(iter(item)) if isinstance(item, dict) else item for item in section or []]


def defined(kind: str) -> list[str]:
    """Give every name of a kind that the domain defines, doubles included."""
    return [name for content in domain_files().values() for name in names(content.get(kind))]


@pytest.mark.parametrize("kind", ["intents", "slots", "responses", "forms", "actions", "entities"])
def test_each_name_is_defined_in_exactly_one_file(kind: str) -> None:
    assert {name: count for name, count in Counter(defined(kind)).items() if count > 1} == {}


def action_classes() -> list[type[Action]]:
    """Give every action that the action server will find."""
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        importlib.import_module(module.name)

    def below(kind: type[Action]) -> list[type[Action]]:
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    return [kind for kind in {*below(Action)} if kind.__module__.startswith("actions") and not inspect.isabstract(kind)]


def test_action_names_are_unique_and_are_those_of_the_domain() -> None:
    found = [kind().name() for kind in action_classes()]
    assert {name: count for name, count in Counter(found).items() if count > 1} == {}
    custom = {name for name in defined("actions") if not name.startswith("utter_")}
    assert set(found) == custom


def test_every_response_that_an_action_names_exists() -> None:
    responses = set(defined("responses"))
    named = {
        name
        for path in (ROOT / "actions").rglob("*.py")
        for name in re.findall(r"[\"'](utter_[a-z0-9_]+)[\"']", path.read_text("utf-8"))
    }
    assert {name for name in named if not name.endswith("_")} - responses == set()


def test_every_response_speaks_both_languages() -> None:
    silent = []
    for content in domain_files().values():
        for name, variations in (content.get("responses") or {}).items():
            spoken = {condition["value"] for item in variations for condition in item.get("condition", [])}
            words = any("text" in item for item in variations)
            if words and ("zh" not in spoken or all("condition" in item for item in variations)):
                silent.append(name)
    assert silent == []


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_capability_is_complete(capability: str) -> None:
    assert (DOMAIN / f"{capability}.yml").exists()
    assert list((ROOT / "data" / capability).glob("nlu*en.yml")), "no English examples"
    assert list((ROOT / "data" / capability).glob("nlu*zh.yml")), "no Chinese examples"
    assert (ROOT / "docs" / "capabilities" / f"{capability}.md").exists()
    assert list((ROOT / "tests" / "conversations").glob(f"*/test_{capability}.yml")), "no conversations"


def test_no_sentence_for_people_stands_in_python() -> None:
    han = re.compile(r"[一-鿿]{2,}")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("actions", "bot/gateway", "bot/desk", "bot/insights", "crm_core/use_cases")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if han.search(line)
    ]
    assert found == []
