"""What a customer names is found by rules, in both languages, and of two of a kind it is known which is which."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.assistant.components import entities
from bot.assistant.components.entities import EntityRules, RuleEntityExtractor

TODAY = date(2026, 11, 22)  # a Sunday
RULES = EntityRules(yaml.safe_load(entities._FILE.read_text("utf-8")))


def found(text: str) -> list[tuple[Any, ...]]:
    """Give (entity, value) or (entity, value, role) of each."""
    return [
        tuple(entity[key] for key in ("entity", "value", "role") if key in entity) for entity in RULES.find(text, TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("where is RP100234", [("order_number", "RP100234")]),
        ("ＲＰ１００２３４到哪了", [("order_number", "RP100234")]),
        ("order 536365, mia@example.com", [("order_number", "536365"), ("email", "mia@example.com")]),
        ("邮编200120", []),
        ("call me at +1 (555) 010-0199", [("phone", "+1 (555) 010-0199")]),
        ("手机号13800138000", [("phone", "13800138000")]),
        ("I paid $1,299.50", [("amount", "1299.50 USD")]),
        ("about 30 dollars", [("amount", "30 USD")]),
        ("大概三百块", [("amount", "300 CNY")]),
        ("￥５０", [("amount", "50 CNY")]),
        ("two of them please", [("quantity", 2)]),
        ("x3", [("quantity", 3)]),
        ("我要两件", [("quantity", 2)]),
        ("3 pairs", [("quantity", 3)]),
        ("size 42 please", [("size", "42")]),
        ("an XL", [("size", "XL")]),
        ("M码的", [("size", "M")]),
        ("有大号吗", [("size", "L")]),
        ("the dark blue one", [("colour", "navy")]),
        ("深蓝色的", [("colour", "navy")]),
        ("藍色的", [("colour", "blue")]),
        (
            "it's 1290 Sunset Blvd, Apt 4B, Los Angeles, CA 90028, thanks",
            [("address", "1290 Sunset Blvd, Apt 4B, Los Angeles, CA 90028")],
        ),
        ("改到广东省深圳市南山区科技园路1号A座1201室", [("address", "广东省深圳市南山区科技园路1号A座1201室")]),
        ("I bought it last Tuesday", [("date", "2026-11-17")]),
        ("上周二买的耳机", [("date", "2026-11-10")]),
        ("see https://shop.example/p/1", [("url", "https://shop.example/p/1")]),
    ],
)
def test_values_are_found(text: str, wanted: list[tuple[Any, ...]]) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "kind", "old", "new"),
    [
        ("change it from size M to L", "size", "M", "L"),
        ("把M码换成L码", "size", "M", "L"),
        ("exchange my medium, from medium to large", "size", "M", "L"),
        ("from blue to black please", "colour", "blue", "black"),
        ("I want black instead of blue", "colour", "blue", "black"),
        ("不要蓝色，要黑色的", "colour", "blue", "black"),
        (
            "send it to 12 Main Street, Springfield instead of 5 Oak Ave",
            *("address", "5 Oak Ave", "12 Main Street, Springfield"),
        ),
        ("寄到上海市世纪大道100号，不要寄到北京市建国路88号", "address", "北京市建国路88号", "上海市世纪大道100号"),
        ("between Monday and Friday", "date", "2026-11-16", "2026-11-20"),
        ("从上周一到上周五", "date", "2026-11-09", "2026-11-13"),
        ("headphones between 50 and 100", "amount", "50", "100"),
        ("50到100块的耳机", "amount", "50", "100 CNY"),
        ("it's not RP100234 but RP100235", "order_number", "RP100234", "RP100235"),
        ("RP100235 instead of RP100234", "order_number", "RP100234", "RP100235"),
        ("不是RP100234，是RP100235", "order_number", "RP100234", "RP100235"),
        ("change my email from a@x.com to b@y.com", "email", "a@x.com", "b@y.com"),
    ],
)
def test_of_two_of_a_kind_it_is_known_which_is_which(text: str, kind: str, old: str, new: str) -> None:
    roles = {entity[2]: entity[1] for entity in found(text) if entity[0] == kind and len(entity) == 3}
    assert roles == {"from": old, "to": new}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("swap it for a size L", [("size", "L", "to")]),
        ("换成XL", [("size", "XL", "to")]),
        ("under $50", [("amount", "50 USD", "to")]),
        ("50块以下", [("amount", "50 CNY", "to")]),
        ("over 20 euros", [("amount", "20 EUR", "from")]),
        ("RP100234 and RP100235", [("order_number", "RP100234"), ("order_number", "RP100235")]),
    ],
)
def test_one_of_a_kind_has_a_role_where_the_words_say_it(text: str, wanted: list[tuple[Any, ...]]) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "", "  ", "?!", "where is my order", "my order is late", "it's a small problem", "换一个", "3 days"),
        *(
            "I'm out of luck",
            "may I return it",
            "wait two weeks",
            "一块去",
            "the sun is out",
            "我的订单在路上",
            "it is on the way",
        ),
    ],
)
def test_ordinary_sentences_name_nothing(text: str) -> None:
    assert found(text) == []


def test_offsets_point_into_the_text_as_it_was_written() -> None:
    text = "麻煩把　ＲＰ１００２３４  的藍色換成黑色，花了￥５０"
    assert [text[e["start"] : e["end"]] for e in RULES.find(text, TODAY)] == [
        "ＲＰ１００２３４",
        "藍色",
        "黑色",
        "￥５０",
    ]


def test_a_sum_has_its_minor_units_and_currency() -> None:
    (amount,) = RULES.find("it cost €12.50", TODAY)
    assert (amount["minor"], amount["currency"]) == (1250, "EUR")


@pytest.mark.parametrize("text", ["一" * 4000, "1 a b c d " * 400, "RP100234 " * 400, "从M到" * 900, "😡" * 4000])
def test_a_hostile_text_takes_no_long_time(text: str) -> None:
    started = time.process_time()
    RULES.find(text, TODAY)
    assert time.process_time() - started < 2


def test_the_component_adds_to_what_others_have_found() -> None:
    extractor = RuleEntityExtractor(RuleEntityExtractor.get_default_config())
    message = Message({TEXT: "RP100234 arrived yesterday", ENTITIES: [{"entity": "product", "value": "Lamp"}]})
    (answered,) = extractor.process([message])
    assert [entity["entity"] for entity in answered.get(ENTITIES)] == ["product", "order_number", "date"]
    assert answered.get(ENTITIES)[1]["extractor"] == "RuleEntityExtractor"
