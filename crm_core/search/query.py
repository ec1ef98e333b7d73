"""What somebody searches for: every word must be there, and what stands in quotation marks must stand there so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from crm_core.search.words import Folded, fold, is_han, pieces, words_of

_LONGEST = 200  # characters of a query
_QUOTED = re.compile(r'"([^"]*)"')
_OPENING = re.compile("[“”„«»「」『』]")
_GAP = r"[\W_]+"


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    Attributes:
        words: What a message must be indexed under, all of them.
        patterns: What its folded text must hold, all of them.
    """

    words: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]

    def hits(self, text: Folded) -> list[tuple[int, int]]:
        """Give where the query's words stand in the text as it was written, in order; none where one is missing."""
        found: list[tuple[int, int]] = []
        for pattern in self.patterns:
            spans = [match.span() for match in pattern.finditer(text.text)]
            if not spans:
                return []
            found += [text.where(*span) for span in spans]
        return sorted(found)


def understand(text: str) -> Query:
    """Read what somebody typed into the search box; a query without words finds nothing."""
    said = _OPENING.sub('"', text[:_LONGEST])
    phrases = [phrase for phrase in _QUOTED.findall(said) if phrase.strip()]
    loose = _QUOTED.sub(" ", said).replace('"', " ")
    groups = [_pieces(phrase) for phrase in phrases] + [[piece] for piece in _pieces(loose)]
    groups = list({tuple(group): group for group in groups if group}.values())
    words = dict.fromkeys(word for group in groups for piece in group for word in words_of(piece))
    return Query(tuple(words), tuple(_pattern(group) for group in groups))


def _pieces(text: str) -> list[str]:
    folded = fold(text).text
    return [folded[start:end] for start, end in pieces(folded)]


def _pattern(group: list[str]) -> re.Pattern[str]:
    """Make what finds the pieces one behind the other, with nothing but spaces and signs between."""
    joined = re.escape(group[0])
    for before, piece in pairwise(group):
        side_by_side = is_han(before) or is_han(piece) or before.isdigit() != piece.isdigit()
        joined += (r"[\W_]*" if side_by_side else _GAP) + re.escape(piece)
    return re.compile(_edge(group[0], before=True) + joined + _edge(group[-1], before=False))


def _edge(piece: str, *, before: bool) -> str:
    """Keep a word from being found inside another: `art` is not in `part`, but 100234 is in RP100234."""
    if is_han(piece):
        return ""
    same = "0-9" if piece.isdigit() else r"^\W\d_㐀-䶿一-鿿豈-﫿"
    return f"(?<![{same}])" if before else f"(?![{same}])"
