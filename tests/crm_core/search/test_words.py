"""What a text is found by, in both languages and however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.search.words import fold, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is my PARCEL?", {"where", "is", "my", "parcel"}),
        ("RP-100234 / rp100234", {"rp", "100234"}),
        ("我要退货", {"我要", "要退", "退货"}),
        ("我要退貨", {"我要", "要退", "退货"}),
        ("ＶＩＰ１２３", {"vip", "123"}),
        ("茶", set()),
        ("退货policy", {"退货", "policy"}),
        ("café Straße", {"café", "straße"}),
        ("?!… 🙂", set()),
    ],
)
def test_a_text_is_found_by_its_words_numbers_and_pairs_of_characters(text: str, found: set[str]) -> None:
    assert words(text) == found


@given(st.text(max_size=60))
def test_every_character_of_the_one_spelling_keeps_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)
    assert list(folded.places) == sorted(folded.places)
