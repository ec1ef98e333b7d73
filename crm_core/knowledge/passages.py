"""Articles cut into passages: a few sentences that answer one question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_core.records.knowledge import Article

_LONGEST = {"en": 700, "zh": 260}  # characters; about what fits into a chat bubble
_HEADING = re.compile(r"^#+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage of one article."""

    article: Article
    number: int  # from 0; the other language's article is cut the same way if its paragraphs are the same
    heading: str
    text: str


def pieces(article: Article) -> list[Piece]:
    """Cut an article: paragraphs up to a comfortable length together, never across a heading."""
    found: list[tuple[str, str]] = []
    heading = ""
    for paragraph in re.split(r"\n\s*\n", article.body.strip()):
        first, _, rest = paragraph.strip().partition("\n")
        if _HEADING.match(first):
            heading, paragraph = _HEADING.sub("", first), rest
            if not paragraph.strip():
                continue
        text = paragraph.strip()
        joined = f"{found[-1][1]}\n\n{text}" if found and found[-1][0] == heading else ""
        if joined and len(joined) <= _LONGEST[article.language]:
            found[-1] = (heading, joined)
        elif text:
            found.append((heading, text))
    return [Piece(article, number, head, text) for number, (head, text) in enumerate(found)]
