"""Whom a note mentions: `@` and a colleague's name, however many words it has."""

from __future__ import annotations

from collections.abc import Mapping

_SIGNS = "@＠"


def mentioned(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Find who is mentioned in a text.

    Args:
        text: What was written; case does not matter.
        names: Id → name of everybody who may be meant; of names that begin alike the longest that fits counts, and a
            name that several people have means all of them.

    Returns:
        Their ids, in the order of their mention, each once.
    """
    folded = text.casefold()
    known = {name.casefold(): [key for key in names if names[key].casefold() == name.casefold()]
             for name in names.values() if name}  # fmt: skip
    longest_first = sorted(known, key=len, reverse=True)
    found: dict[str, None] = {}
    for place, sign in enumerate(folded):
        if sign in _SIGNS:
            name = next((name for name in longest_first if _stands(folded, name, place + 1)), "")
            found |= dict.fromkeys(known.get(name, ()))
    return tuple(found)


def _stands(text: str, name: str, place: int) -> bool:
    """Tell whether a name stands at a place as a whole; after Chinese names words follow without a gap."""
    end = place + len(name)
    if not text.startswith(name, place):
        return False
    following = text[end : end + 1]
    return not (name[-1].isascii() and following.isascii() and following.isalnum())
