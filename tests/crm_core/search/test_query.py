"""What a query asks for, and where its words stand."""

from __future__ import annotations

import pytest

from crm_core.search.query import understand
from crm_core.search.words import fold


def marked(query: str, text: str) -> list[str]:
    """Give what a query marks in a text."""
    return [text[start:end] for start, end in understand(query).hits(fold(text))]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("parcel where", "Where is my parcel? The parcel!", ["Where", "parcel", "parcel"]),
        ("art", "part of the art", ["art"]),
        ("100234", "my order RP100234", ["100234"]),
        ("rp100234", "order RP-100234", ["RP", "100234"]),
        ('"rp100234"', "order RP-100234", ["RP-100234"]),
        ('"late parcel"', "a late, parcel", ["late, parcel"]),
        ("“late parcel”", "a parcel, late", []),
        ("退货", "我想退貨，可以吗", ["退貨"]),
        ("退货政策", "退货的政策", []),
        ("退货 政策", "退货的政策", ["退货", "政策"]),
        ("茶壶 破", "茶壶破了", ["茶壶", "破"]),
        ("ｐａｒｃｅｌ", "PARCEL", ["PARCEL"]),
        ("(a+b", "a b", ["a", "b"]),
        ("missing parcel", "parcel", []),
    ],
)
def test_every_word_must_be_there_and_a_phrase_as_it_is_quoted(query: str, text: str, found: list[str]) -> None:
    assert marked(query, text) == found


@pytest.mark.parametrize("query", ["", "  ", "?!", "茶", '""'])
def test_a_query_without_words_has_none(query: str) -> None:
    assert understand(query).words == ()
