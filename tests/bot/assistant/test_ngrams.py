"""Texts become n-grams with weights, the same in training and in use."""

from __future__ import annotations

import numpy as np
import pytest

from bot.assistant.components.concepts import Concepts
from bot.assistant.components.ngrams import LONGEST, NgramVectorizer, normalise

TEXTS = ["where is my order", "where is my refund", "我的订单在哪里", "我要退款"]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＯＫ！", "ok!"),
        ("order RP100234", "order  zorderz "),
        ("订单536365", "订单 zorderz "),
        ("mail me: Anna@Example.com", "mail me:  zemailz "),
        ("20 items", "0 items"),
    ],
)
def test_values_are_masked_and_forms_are_one(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize("text", ["/delete_my_data", '／deny{"a": 1}', "  /restart now"])
def test_a_typed_command_leaves_no_trace(text: str) -> None:
    assert normalise(text).strip() in {"", "now"}


def test_a_huge_text_is_cut() -> None:
    assert len(normalise("ab" * 1_000_000)) == len(normalise("😡" * 1_000_000)) == LONGEST


def test_each_block_of_a_row_has_length_one() -> None:
    vectorizer = NgramVectorizer.fit(TEXTS, concepts=Concepts({"order": ["order", "订单"], "where": ["where"]}))
    columns, weights = vectorizer.row("where is my order")
    kinds = np.array([vectorizer.vocabulary[column][0] for column in columns])
    lengths = [float(np.linalg.norm(weights[kinds == kind])) for kind in "wck"]
    assert lengths == pytest.approx([1, 1, 1])


def test_a_text_that_shares_nothing_is_an_empty_row() -> None:
    columns, weights = NgramVectorizer.fit(TEXTS).row("££££")
    assert len(columns) == len(weights) == 0


def test_the_matrix_is_made_of_the_rows() -> None:
    vectorizer = NgramVectorizer.fit(TEXTS)
    matrix = vectorizer.matrix(TEXTS)
    columns, weights = vectorizer.row(TEXTS[2])
    assert matrix.shape == (len(TEXTS), len(vectorizer.vocabulary))
    assert matrix[2].toarray()[0][columns] == pytest.approx(weights)


def test_a_text_of_strange_characters_shares_nothing() -> None:
    vectorizer = NgramVectorizer.fit(["好的", "where is it"])
    assert not len(vectorizer.row("饕餮")[0])
