"""Markdown without its marks."""

from __future__ import annotations

import pytest

from crm_core.knowledge.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("We repair **teapots** and *cups*.", "We repair teapots and cups."),
        ("See [our page](https://shop.test/x).", "See our page (https://shop.test/x)."),
        ("* one\n* two", "- one\n- two"),
        ("## Sizes\n`S` to `XL`", "Sizes\nS to XL"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("**两年**质保", "两年质保"),
    ],
)
def test_marks_are_left_out(markdown: str, said: str) -> None:
    assert plain_text(markdown) == said
