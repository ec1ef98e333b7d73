"""The main text of saved HTML pages: headings, paragraphs and lists, without menus, forms and footers.

What stands in `<main>` or `<article>` is taken where a page has one. Of the blocks that are left, those that are mostly
links go, and those that more than half of the pages share: a header or a footer is the same everywhere (the idea of
Bar-Yossef and Rajagopalan 2002).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

_LEFT_OUT = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside", "form", "button", "select")
)
_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "### ", "h5": "### ", "h6": "### "}
_BLOCKS = frozenset(("p", "li", "div", "section", "td", "th", "tr", "dt", "dd", "blockquote", "pre", "summary")) | {
    *_HEADINGS
}
_MAIN = ("main", "article")
_NO_END = frozenset(
    ("br", "img", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "track")
)
_LINKS = 0.6  # share of a block's characters in links from which it is a menu
_SHARED = 0.5  # share of the pages from which a block belongs to the site, not to the page
_FEW = 4  # pages too few to tell
_SEPARATOR = re.compile(r"\s+[|–—·»-]\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item."""

    kind: str  # Markdown's sign before it: "", "# ", "## ", "- "
    text: str
    linked: float  # share of its characters in links, in [0, 1]
    main: bool  # within `<main>` or `<article>`


@dataclass(frozen=True, slots=True)
class Page:
    """What a saved page says."""

    title: str
    language: str | None  # as the page states it
    blocks: tuple[Block, ...]


class _Reader(HTMLParser):
    """Collects blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.language: str | None = None
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._kind = ""
        self._text: list[str] = []
        self._linked = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.language = (dict(attrs).get("lang") or "")[:2].lower() or None
        if tag in _BLOCKS or tag in _MAIN:
            self._finish()
            self._kind = _HEADINGS.get(tag, "- " if tag == "li" else self._kind if tag in ("p", "div") else "")
        if tag == "br":
            self._text.append(" ")
        if tag not in _NO_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _MAIN:
            self._finish()
            self._kind = ""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif _LEFT_OUT.isdisjoint(self._open):
            self._text.append(data)
            self._linked += len(data.strip()) if "a" in self._open else 0

    def close(self) -> None:
        super().close()
        self._finish()

    def _finish(self) -> None:
        text = " ".join("".join(self._text).split())
        if text:
            main = not set(_MAIN).isdisjoint(self._open)
            self.blocks.append(Block(self._kind, text, min(1.0, self._linked / len(text)), main))
        self._text, self._linked = [], 0


def read_page(path: Path) -> Page:
    """Read a saved page.

    Raises:
        UnicodeDecodeError: It is not UTF-8.
    """
    reader = _Reader()
    reader.feed(path.read_text("utf-8-sig"))
    reader.close()
    blocks = [block for block in reader.blocks if block.main] or reader.blocks
    return Page(" ".join(reader.title.split()), reader.language, tuple(blocks))


def texts(pages: Mapping[Path, Page]) -> dict[Path, tuple[str, str]]:
    """Give the title and the text, in Markdown, of pages of one site."""
    spread = Counter(text for page in pages.values() for text in {block.text for block in page.blocks})
    most = _SHARED * len(pages) if len(pages) >= _FEW else len(pages)
    return {path: _said(page, {text for text, count in spread.items() if count > most}) for path, page in pages.items()}


def _said(page: Page, shared: set[str]) -> tuple[str, str]:
    own = [block for block in page.blocks if block.kind.startswith("#") or block.text not in shared]
    kept = [block for block in own if block.linked < _LINKS]
    first = next((block.text for block in kept if block.kind == "# "), "")
    title = first or _SEPARATOR.split(page.title)[0]
    return title, _markdown([block for block in kept if block.text != title])


def _markdown(blocks: Sequence[Block]) -> str:
    """Join blocks; items of one list stand together, and a heading that nothing follows is left out."""
    lines: list[str] = []
    for place, block in enumerate(blocks):
        heading = block.kind.startswith("#")
        if heading and (place + 1 == len(blocks) or blocks[place + 1].kind.startswith("#")):
            continue
        if lines and not (block.kind == "- " and lines[-1].startswith("- ")):
            lines.append("")
        lines.append(f"{'## ' if block.kind == '# ' else block.kind}{block.text}")
    return "\n".join(lines)
