"""Markdown as it is said in a chat, where nothing draws it."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r"\1 (\2)"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"^#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"^\s*[*+]\s+", re.MULTILINE), "- "),
    (re.compile(r"^>\s?", re.MULTILINE), ""),
)


def plain_text(markdown: str) -> str:
    """Give a text without its marks: emphasis, links with their address behind them, lists with dashes."""
    for pattern, instead in _RULES:
        markdown = pattern.sub(instead, markdown)
    return markdown.strip()
