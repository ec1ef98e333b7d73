"""A trained bot finds entities, fills its slots with those that are meant, and knows a product that came later."""

from __future__ import annotations

import asyncio
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered

from tests.bot.assistant import small_bot

ENTITIES = "entities: [{order_number: {roles: [from, to]}}, {product: {influence_conversation: false}}, date, size]"
SLOT = "{type: from_entity, entity: order_number}"
BOTH = f"{SLOT}, {{type: from_entity, entity: order_number, role: to}}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "products.jsonl"
    _sell(path, "Over-ear Headphones", "头戴式耳机")
    return path


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, shop: Path) -> Agent:
    import rasa

    folder = tmp_path_factory.mktemp("bot")
    components = "bot.assistant.components"
    extractors = (
        f"- name: {components}.entities.RuleEntityExtractor\n"
        f"  - {{name: {components}.gazetteer.ProductGazetteer, file: {shop}}}"
    )
    config = small_bot.CONFIG.replace("- {name: RegexEntityExtractor, use_word_boundaries: false}", extractors)
    domain = small_bot.DOMAIN.replace("entities: [order_number]", ENTITIES).replace(SLOT, BOTH)
    assert components in config
    assert BOTH in domain
    files = {
        "domain.yml": domain,
        "config.yml": config,
        "data/nlu.yml": small_bot.NLU,
        "data/rules.yml": small_bot.RULES,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trained = rasa.train(
            str(folder / "domain.yml"), str(folder / "config.yml"), [str(folder / "data")], output=str(folder)
        )
        return Agent.load(str(trained.model))


def _sell(path: Path, english: str, chinese: str) -> None:
    path.write_text(json.dumps({"id": english, "sku": english[:2], "en": english, "zh": chinese}), "utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def heard(agent: Agent, text: str) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = asyncio.run(agent.parse_message(text))["entities"]
    return entities


def test_a_message_of_both_languages_has_its_entities_at_their_places(agent: Agent) -> None:
    text = "RP100234 里的 over-ear headphnes 要换成 L 码"
    found = {entity["entity"]: entity for entity in heard(agent, text)}
    assert {kind: text[entity["start"] : entity["end"]] for kind, entity in found.items()} == {
        "order_number": "RP100234",
        "product": "over-ear headphnes",
        "size": "L",
    }
    assert found["product"]["product_id"] == "Over-ear Headphones"
    assert found["size"]["role"] == "to"


def test_of_two_order_numbers_the_slot_takes_the_one_that_is_meant(agent: Agent) -> None:
    async def slot() -> Any:
        tracker = await agent.processor.get_tracker("c1")
        parsed = await agent.parse_message("it is RP100235 instead of RP100234")
        tracker.update(UserUttered("x", parsed["intent"], parsed["entities"], parsed), agent.domain)
        await agent.processor.run_action_extract_slots(None, tracker)
        return tracker.get_slot("order_number")

    assert asyncio.run(slot()) == "RP100235"


def test_a_product_that_is_sold_since_the_training_is_known(agent: Agent, shop: Path) -> None:
    assert heard(agent, "do you have a garden gnome") == []
    _sell(shop, "Garden Gnome", "花园小矮人")
    assert [entity["value"] for entity in heard(agent, "do you have a garden gnome")] == ["Garden Gnome"]
    assert [entity["value"] for entity in heard(agent, "花园小矮人有货吗")] == ["花园小矮人"]
