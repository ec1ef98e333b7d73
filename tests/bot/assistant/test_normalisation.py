"""What people type in many spellings is brought into one, and a small model then understands it."""

from __future__ import annotations

import time

import pytest

from bot.assistant.components.intent_model import IntentModel
from bot.assistant.components.normalisation import plain, simplified


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ＲＰ１００２３４ 怎麼還沒到？？？？", "RP100234 怎么还没到??"),
        ("pls wheres my pkg soooo late", "please where's my package soo late"),
        ("can u refund me asap thx", "can you refund me as soon as possible thanks"),
        ("I can’t log in, cant pay", "I can't log in, can't pay"),
        ("th多久能tk", "退货多久能退款"),
        ("kf在吗，用 wx 付", "客服在吗,用 微信 付"),
        ("TK", "退款"),
        ("咋退款啊啊啊", "怎么退款啊啊"),
        ("軟體問題", "软体问题"),
        ("where is it 😡", "where is it  angry "),
        ("还没到😡🏽", "还没到 生气 "),
    ],
)
def test_a_text_is_spelt_plainly(text: str, wanted: str) -> None:
    assert plain(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("the 4th of May", "my dd is unclear", "ship it to u@x.com", "see www.r.com", "it's u-shaped", "RP100234"),
        *("ok", "hello", "kd ratio", "th ts", "where is my order", "我的订单在哪里", "iPhone 手机壳", ""),
    ],
)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def test_a_text_that_is_plain_already_does_not_change_again() -> None:
    for text in ("pls wheres my pkg soooo late", "th多久能tk啊啊啊啊", "😡😡 咋退", "WX pay 付不了"):
        assert plain(plain(text)) == plain(text)


def test_simplified_characters_keep_their_places() -> None:
    text = "麻煩 RP100234 👍🏽 退貨"
    assert simplified(text) == "麻烦 RP100234 👍🏽 退货"


CLEAN = {
    "ask_order_status": [
        *("where is my order", "has my package been sent", "where's my parcel", "track my order"),
        *("我的订单到哪了", "快递到哪里了", "查一下快递", "什么时候发货"),
    ],
    "request_refund": [
        "i want my money back",
        "refund me please",
        "give me a refund",
        "我要退款",
        "什么时候能退款",
        "把钱退给我",
    ],
    "return_order": [
        "i want to return this",
        "how do i send it back",
        "return my item",
        "我要退货",
        "怎么退货",
        "想退货可以吗",
    ],
    "request_person": [
        "let me talk to a person",
        "get me an agent",
        "customer service please",
        "转人工客服",
        "找客服",
        "我要人工",
    ],
    "request_invoice": [
        "i need an invoice",
        "send me the invoice",
        "invoice please",
        "怎么开发票",
        "我要发票",
        "发票寄给我",
    ],
    "report_payment_problem": [
        "i can't pay",
        "my payment failed",
        "the card does not work",
        "支付宝付款失败",
        "付不了款",
        "微信支付不了",
    ],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = [text for examples in CLEAN.values() for text in examples]
    return IntentModel.fit(texts, [intent for intent, examples in CLEAN.items() for _ in examples], C=30.0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("WHERES MY PKG???", "ask_order_status"),
        ("plsss where r my ordrs", "ask_order_status"),
        ("kd到哪了呀亲", "ask_order_status"),
        ("快遞到哪裡了", "ask_order_status"),
        ("帮我看下 order 到哪了 thx", "ask_order_status"),
        ("麻烦问一下，dd什么时候fh呀，谢谢啦", "ask_order_status"),
        ("refund meeee nowwww", "request_refund"),
        ("我要tk！！！！", "request_refund"),
        ("請問什麼時候能退款", "request_refund"),
        ("I want 退款 pls", "request_refund"),
        ("th", "return_order"),
        ("您好，打扰一下，咋退貨呢🙏", "return_order"),
        ("i wanna retrun dis", "return_order"),
        ("转rgkf", "request_person"),
        ("gimme an agnet plz", "request_person"),
        ("ｉｎｖｏｉｃｅ　ｐｌｓ", "request_invoice"),
        ("fp咋开", "request_invoice"),
        ("cant pay 😡", "report_payment_problem"),
        ("zfb付款失敗了", "report_payment_problem"),
    ],
)
def test_noisy_sentences_are_understood(model: IntentModel, text: str, intent: str) -> None:
    assert model.rank(text)[0][0] == intent


def test_a_message_is_spelt_in_well_under_a_millisecond() -> None:
    text = "hello wheres my order RP100234 pls，我上周二買的耳機怎麼還沒到啊，幫我查一下dd 😡"
    plain(text)
    started = time.process_time()
    for _ in range(200):
        plain(text)
    assert (time.process_time() - started) / 200 < 0.001
