"""Products are found by their names in both languages, from a file that may change at any time."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.assistant.components import gazetteer
from bot.assistant.components.gazetteer import ProductGazetteer
from bot.assistant.components.product_names import Product, ProductNames

DATA = Path(__file__).parents[3] / "data"
ORDINARY = [word for row in yaml.safe_load(gazetteer._ORDINARY.read_text("utf-8")) for word in row]
SHOP = [
    Product("1", "KI1", "Stoneware Dinner Plate, white", "炻瓷餐盘（白色）"),
    Product("2", "KI2", "Stoneware Dinner Plate, sage", "炻瓷餐盘（鼠尾草绿）"),
    Product("3", "EL1", "Noise Cancelling Headphones", "头戴式降噪耳机"),
    Product("4", "BA1", "Canvas Tote Bag, blue", "帆布托特包（蓝色）"),
    Product("5", "BA2", "Leather Shoulder Bag", None),
    Product("6", "BO1", "Order Book", "订单本"),
    Product("7", "LA1", "Brass Desk Lamp", "黄铜台灯"),
    Product("8", "LA2", "Walnut Desk Lamp", "胡桃木台灯"),
    Product("9", "CU1", None, "搪瓷马克杯"),
]
NAMES = ProductNames(SHOP, ORDINARY)


def skus(text: str) -> list[list[str]]:
    return [[product.sku for product in named.products] for named in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("noise cancelling headphones", [["EL1"]]),
        ("are the Noise-Cancelling Headphones in stock?", [["EL1"]]),
        ("nois canceling headphnes", [["EL1"]]),
        ("cancelling headphones please", [["EL1"]]),
        ("头戴式降噪耳机有货吗", [["EL1"]]),
        ("我想要降噪耳机", [["EL1"]]),
        ("頭戴式降噪耳機", [["EL1"]]),
        ("stoneware dinner plate in white", [["KI1"]]),
        ("鼠尾草绿的炻瓷餐盘", [["KI2"]]),
        ("a stoneware dinner plate", [["KI1", "KI2"]]),
        ("搪瓷马克杯多少钱", [["CU1"]]),
        ("the leather shoulder bag or the canvas tote", [["BA2"], ["BA1"]]),
        ("you still have the order book?", [["BO1"]]),
    ],
)
def test_products_are_named_in_full_in_part_and_misspelt(text: str, wanted: list[list[str]]) -> None:
    assert skus(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "order",
            "where is my order",
            "blue",
            "the blue one",
            "bag",
            "a bag please",
            "I booked it",
            "lamp",
            "desk",
        ),
        *("订单", "我的订单在哪里", "蓝色的", "包", "包裹到了吗", "no thanks", "头疼", "hello", "👍"),
    ],
)
def test_what_names_no_product_finds_none(text: str) -> None:
    assert skus(text) == []


def test_the_thing_itself_is_found_without_certainty_where_one_product_is_it() -> None:
    (named,) = NAMES.find("the headphones I bought last Tuesday")
    assert not named.certain
    assert named.score < 0.6


def test_names_that_share_what_was_said_are_all_given() -> None:
    shop = [Product("1", "A", "Oak Wall Clock", None), Product("2", "B", "Elm Wall Clock", None)]
    (named,) = ProductNames(shop).find("the wall clock")
    assert [product.sku for product in named.products] in (["A", "B"], ["B", "A"])


def test_our_examples_without_products_name_none_of_the_demo_shop() -> None:
    """Only what is said of goods may name some: the examples of all other capabilities are ordinary sentences."""
    import csv

    with (DATA / "demo" / "products.csv").open(encoding="utf-8") as file:
        shop = [Product(row["sku"], row["sku"], row["title_en"], row["title_zh"]) for row in csv.DictReader(file)]
    names = ProductNames(shop, ORDINARY)
    folders = ("order_status", "order_cancel", "order_address", "account", "payment", "handoff", "rating", "smalltalk")
    texts = [
        example.get(TEXT)
        for folder in folders
        for path in (DATA / folder).glob("nlu_*.yml")
        for example in load_data(str(path)).intent_examples
    ]
    assert len(texts) > 1000
    assert [text for text in texts if names.find(text)] == []


def test_a_message_takes_less_than_two_milliseconds_among_five_thousand_products() -> None:
    chance = random.Random(1)
    words = [f"{first}{last}" for first in ("stone", "glass", "cop", "lin", "wal", "tim") for last in range(60)]
    things = ["Plate", "Mug", "Lamp", "Chair", "Towel", "Clock", "Knife", "Tent", "Speaker", "Basket"]
    han = "陶瓷玻璃棉麻胡桃竹铜折叠便携无线保温复古现代有机轻薄加厚"
    shop = [
        Product(
            str(number),
            str(number),
            f"{chance.choice(words)} {chance.choice(words)} {chance.choice(things)}",
            "".join(chance.sample(han, 5)),
        )
        for number in range(5000)
    ]
    names = ProductNames(shop, ORDINARY)
    said = [f"do you have the {shop[7].en} or somethng similr in stok", f"我上周二买的{shop[9].zh}怎么还没到"]
    started = time.process_time()
    for _ in range(50):
        assert all(names.find(text) for text in said)
    assert (time.process_time() - started) / 100 < 0.002


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "products.jsonl"
    _write(path, SHOP)
    return path


def _write(path: Path, products: list[Product]) -> None:
    path.write_text("".join(f"{json.dumps(product._asdict())}\n" for product in products), "utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def _found(component: ProductGazetteer, text: str) -> list[dict[str, Any]]:
    (message,) = component.process([Message({TEXT: text})])
    found: list[dict[str, Any]] = message.get(ENTITIES)
    return found


def test_the_entity_has_the_products_own_name_and_its_id(path: Path) -> None:
    component = ProductGazetteer(ProductGazetteer.get_default_config() | {"file": str(path)})
    (entity,) = _found(component, "is the stonware dinner plate, white in stock")
    assert (entity["entity"], entity["value"]) == ("product", "Stoneware Dinner Plate, white")
    assert (entity["product_id"], entity["skus"], entity["extractor"]) == ("1", ["KI1"], "ProductGazetteer")
    assert 0.9 < entity["confidence_entity"] < 1
    (several,) = _found(component, "a stoneware dinner plate")
    assert "product_id" not in several
    assert several["value"] == "Stoneware Dinner Plate"


def test_a_changed_file_is_read_without_a_training(path: Path) -> None:
    component = ProductGazetteer(ProductGazetteer.get_default_config() | {"file": str(path)})
    assert _found(component, "a garden gnome") == []
    _write(path, [Product("10", "GA1", "Garden Gnome", "花园小矮人")])
    assert [entity["product_id"] for entity in _found(component, "a garden gnome")] == ["10"]
    assert _found(component, "noise cancelling headphones") == []


@pytest.mark.parametrize("content", ["{", '{"sku": "1"}\n', "[]\n"])
def test_a_broken_file_leaves_what_was_read_before(path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    component = ProductGazetteer(ProductGazetteer.get_default_config() | {"file": str(path)})
    path.write_text(content)
    assert [entity["skus"] for entity in _found(component, "noise cancelling headphones")] == [["EL1"]]
    assert "cannot be read" in caplog.text


def test_a_shop_without_a_file_has_no_products(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_PRODUCTS_FILE", str(tmp_path / "none.jsonl"))
    assert _found(ProductGazetteer(ProductGazetteer.get_default_config()), "noise cancelling headphones") == []
