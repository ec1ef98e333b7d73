"""The answers that a form asks for are read from free words: a yes, a reason, an item, an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import InvalidInput
from crm_core.orders.addresses import MAX_CHARS, find_address, read_address
from crm_core.orders.consent import read_consent
from crm_core.orders.items import choose_item, named_item
from crm_core.orders.reasons import REASONS, read_reason
from crm_core.records.shop import Money, OrderItem

LAMP = OrderItem("HO1001", "Bamboo Desk Lamp", 1, Money(3990, "USD"), None)
SHIRT = OrderItem("CL2002", "Linen Shirt", 2, Money(4990, "USD"), None)
CUP = OrderItem("KI3003", "青瓷茶杯", 1, Money(1990, "USD"), None)
ITEMS = [LAMP, SHIRT, CUP]


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "Yes please!", "yeah go ahead", "OK", "sure, why not", "correct", "no problem, do it"),
        *("是的", "对", "好的", "可以，取消吧", "嗯", "确认", "没错", "没问题"),
    ],
)
def test_a_yes_is_a_yes(text):
    assert read_consent(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No thanks", "nope", "don't cancel it", "wait", "ok no, keep it", "please don’t", "yes... no, stop"),
        *("不", "不要", "不用了", "别取消", "算了", "先留着吧", "等一下"),
    ],
)
def test_a_no_anywhere_is_a_no(text):
    assert read_consent(text) is False


@pytest.mark.parametrize("text", ["when will it arrive", "RP100234", "", "多久能到"])
def test_other_words_are_neither(text):
    assert read_consent(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it arrived broken", "damaged"),
        ("the screen is cracked :(", "damaged"),
        ("it doesn't work", "damaged"),
        ("you sent me the wrong item", "wrong_item"),
        ("not what I ordered", "wrong_item"),
        ("doesn't fit, way too small", "wrong_size"),
        ("it looks different from the picture", "not_as_described"),
        ("took forever to arrive", "late"),
        ("I changed my mind", "no_longer_wanted"),
        ("i dont need it anymore", "no_longer_wanted"),
        ("收到就是坏的", "damaged"),
        ("发错货了", "wrong_item"),
        ("尺码偏大了", "wrong_size"),
        ("跟图片完全不一样", "not_as_described"),
        ("不想要了", "no_longer_wanted"),
        ("其他原因", "other"),
        ("damaged", "damaged"),
        ("blah", None),
    ],
)
def test_a_reason_is_read_from_free_words(text, reason):
    assert read_reason(text) == reason


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("HO1001", "HO1001"),
        ("the lamp", "HO1001"),
        ("bamboo desk lamp", "HO1001"),
        ("I'd like to return the shirt please", "CL2002"),
        ("the second one", "CL2002"),
        ("茶杯", "KI3003"),
        ("第三个", "KI3003"),
        ("the last one", "KI3003"),
        ("all of it", "all"),
        ("全部都退", "all"),
        ("the sofa", None),
        ("the fifth one", None),
        ("", None),
    ],
)
def test_an_item_is_named_by_number_title_or_place(text, sku):
    assert choose_item(text, ITEMS) == sku


def test_every_reason_reads_itself():
    assert [read_reason(reason) for reason in REASONS] == list(REASONS)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("5 Park Lane, Boston MA 02110", "5 Park Lane, Boston MA 02110"),
        ("change it to 5 Park Lane, Boston MA 02110 please", "5 Park Lane, Boston MA 02110"),
        ("no, I meant 17 Hill Road, Leeds", "17 Hill Road, Leeds"),
        ("send it to 17 Hill Road, Leeds instead, please!", "17 Hill Road, Leeds"),
        ("My new address is: 221B Baker Street, London.", "221B Baker Street, London"),
        ("上海市浦东新区世纪大道100号5楼", "上海市浦东新区世纪大道100号5楼"),
        ("把地址改成北京市朝阳区建国路88号，谢谢", "北京市朝阳区建国路88号"),
        ("不对，应该是杭州市西湖区文三路12号", "杭州市西湖区文三路12号"),
    ],
)
def test_an_address_is_freed_from_what_is_said_around_it(text, address):
    assert read_address(text) == address
    assert find_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "home",
        "London",
        "12345",
        "a b",
        "家里",
        "anna@example.com",
        "x" * (MAX_CHARS + 1),
        "how long does it take?",
        "\x00\x1b[31m",
    ],
)
def test_what_is_no_whole_address_is_refused(text):
    with pytest.raises(InvalidInput):
        read_address(text)


@pytest.mark.parametrize(
    "text", ["where is my order RP100234", "do you ship to 5 countries?", "yes", "取消订单RP100234", "你们几号发货呢"]
)
def test_other_sentences_hold_no_address(text):
    assert find_address(text) is None


@given(st.text(max_size=400))
def test_no_text_breaks_a_reader(text):
    read_consent(text)
    assert read_reason(text) in (*REASONS, None)
    assert choose_item(text, ITEMS) in ("HO1001", "CL2002", "KI3003", "all", None)
    address = find_address(text)
    assert address is None or (address.isprintable() and len(address) <= MAX_CHARS)


@pytest.mark.parametrize(
    "text", ["可以免费取消吗", "is it ok to return it later?", "多久可以退款", "对不起", "好久没收到了"]
)
def test_a_question_or_a_polite_word_is_no_yes(text):
    assert read_consent(text) is None


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("my desk lamp arrived broken", "HO1001"),
        ("I want to return one of them", None),
        ("the lamp and the shirt are both bad", None),
        ("where is my order", None),
    ],
)
def test_an_item_nobody_asked_for_must_be_named_beyond_doubt(text, sku):
    assert named_item(text, ITEMS) == sku


def test_of_two_colours_the_one_that_was_said_is_meant():
    plates = [
        OrderItem(f"KI{n}", f"Stoneware Dinner Plate, {c}", 1, Money(1, "USD"), None, z)
        for n, c, z in ((1, "white", "炻瓷餐盘（白色）"), (2, "sage", "炻瓷餐盘（鼠尾草绿）"))
    ]
    assert choose_item("the sage plate", plates) == "KI2"
    assert choose_item("白色的", plates) == "KI1"
    assert choose_item("the plate", plates) is None
