"""The pattern language of `entities.yml`, read into patterns of spaCy's Matcher."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.assistant.components.pieces import pieces

Lists = Mapping[str, Sequence[str]]
TokenPattern = dict[str, Any]

_TERM = re.compile(r"(?P<open>\[)?(?P<body>.+?)(?P<close>\])?(?P<times>[?*+]|\{\d+,\d+\})?(?:=(?P<role>[a-z]+))?")
_KIND = re.compile("[A-Z]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of spaCy's, and what its tokens are.

    Attributes:
        tokens: The pattern.
        inside: For each token pattern whether it belongs to the entity.
        roles: For each token pattern the role of what it matches, or None.
    """

    tokens: list[TokenPattern]
    inside: list[bool]
    roles: list[str | None]


@dataclass(frozen=True, slots=True)
class _Term:
    options: list[list[TokenPattern]]  # each a row of tokens
    inside: bool
    role: str | None


def read_pattern(text: str, lists: Lists, kinds: Sequence[str] = ()) -> list[Pattern]:
    """Read a pattern; one with words of several pieces becomes several.

    Args:
        text: In the language that the head of `entities.yml` describes.
        lists: The words of each `$list`.
        kinds: What `@` stands for.
    """
    terms = [_term(term, lists, kinds) for term in text.split()]
    marked = any(term.inside for term in terms)
    found = []
    for choice in product(*(term.options for term in terms)):
        rows = [(token, term) for tokens, term in zip(choice, terms, strict=True) for token in tokens]
        found.append(
            Pattern(
                [token for token, _ in rows],
                [term.inside or not marked for _, term in rows],
                [term.role for _, term in rows],
            )
        )
    return found


def _term(text: str, lists: Lists, kinds: Sequence[str]) -> _Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(f"not a term of a pattern: {text!r}")
    times = {"OP": found["times"]} if found["times"] else {}
    options = _options(found["body"], lists, kinds)
    if times and any(len(tokens) > 1 for tokens in options):
        if found["times"] != "?":
            raise ValueError(f"only ? may follow words of several pieces: {text!r}")
        options.append([])
    elif times:
        options = [[{**tokens[0], **times}] for tokens in options]
    return _Term(options, bool(found["open"]), found["role"])


def _options(body: str, lists: Lists, kinds: Sequence[str]) -> list[list[TokenPattern]]:
    if body.startswith("/") and body.endswith("/"):
        return [[{"TEXT": {"REGEX": body[1:-1]}}]]
    words: list[str] = []
    tags: list[str] = []
    options: list[list[TokenPattern]] = []
    for part in _parts(body):
        if part == "@":
            options.append([{"ENT_TYPE": {"IN": list(kinds)}, "OP": "+"}])
        elif part.startswith("$") and len(part) > 1:
            words += lists[part[1:]]
        elif _KIND.fullmatch(part):
            tags.append(part)
        else:
            words.append(part)
    cut = [
        [text[piece.start : piece.end] for piece in pieces(text)]
        for text in (word.replace("_", "\0") for word in words)
    ]
    rows = [[part for part in row if part != "\0"] for row in cut]
    single = [row[0] for row in rows if len(row) == 1]
    options += [[{"TAG": {"IN": tags}}]] if tags else []
    options += [[{"LOWER": {"IN": single}}]] if single else []
    return [*options, *([{"LOWER": part} for part in row] for row in rows if len(row) > 1)]


def _parts(body: str) -> list[str]:
    return body.split("|") if body != "|" else [body]
