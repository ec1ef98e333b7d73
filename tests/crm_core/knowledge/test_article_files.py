"""Articles on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.errors import InvalidInput
from crm_core.knowledge.reading import read_articles

ARTICLE = """---
title: How long is the warranty?
category: warranty
keywords: [guarantee, repair]
questions:
  - How long do I have if it breaks?
  - "It broke: who pays?"
---

Two years.

Keep the receipt.
"""


def test_articles_are_read_with_their_heads(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "warranty.md").write_text(ARTICLE, "utf-8")
    (article,) = read_articles(tmp_path)
    assert (article.slug, article.language, article.category) == ("warranty", "en", "warranty")
    assert article.title == "How long is the warranty?"
    assert article.body == "Two years.\n\nKeep the receipt."
    assert article.keywords == ("guarantee", "repair")
    assert article.questions == ("How long do I have if it breaks?", "It broke: who pays?")


@pytest.mark.parametrize(
    "text",
    ["# No head\n", "---\ntitle: x\n---\nno category\n", "---\ntitle: [\n---\nbroken\n", "---\ntitle: never closed\n"],
)
def test_an_article_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "broken.md").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"broken\.md"):
        read_articles(tmp_path)
