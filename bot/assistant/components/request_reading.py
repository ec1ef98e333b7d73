"""What each part of a message asks for by itself, as far as that is clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.assistant.components.request_parts import MEANINGFUL, Part
from bot.assistant.components.request_rules import rules

LIKELY = 0.35  # confidence from which a part asks for something by itself; chosen on benchmarks/several_requests.yml
SURE = 0.5  # the same for the clearest part
SURE_UNASKED = 0.7  # the same where a part has no word that asks
SURE_OF_IT = 0.7  # the same where a part speaks of "it"
SURE_WITHOUT_BORDER = 0.7  # the same where neither a sign nor a connecting word stands between two parts
RATHER_OURS = 0.4  # probability of being ours at all from which a part that asks is read as ours
OUTSIDE = "out_of_scope"
UNCLEAR = "nlu_fallback"
ENOUGH_WORDS = 4  # words or Han characters; what is shorter and not clear is taken for a detail


class Understanding(Protocol):
    """What the classifier makes of a text."""

    @property
    def ranking(self) -> Sequence[tuple[str, float]]:
        """Intents with their probabilities, the likeliest first."""
        ...

    @property
    def ours(self) -> float:
        """Probability that the text is one of the intents at all."""
        ...


Understand = Callable[[str], Understanding]


def read_part(text: str, part: Part, understand: Understand) -> Part:
    """Give a part with what it asks for by itself, if that is clear."""
    words = rules().fillers.sub(" ", text[part.start : part.end]).strip()
    if not MEANINGFUL.search(words):
        return part
    understood, known = understand(words), rules()
    intent, confidence = next(((name, share) for name, share in understood.ranking if name != OUTSIDE), (OUTSIDE, 0.0))
    if intent not in known.counted or not _is_clear(text, part, confidence, understood.ours):
        return replace(part, confidence=confidence)
    return replace(part, intent=intent, confidence=confidence)


def _is_clear(text: str, part: Part, confidence: float, ours: float) -> bool:
    """Tell whether a part asks for something by itself.

    Alone, "tell me when I get my money" may be strange; beside something of ours it is hardly so. Such a part counts by
    what it means if it means anything of ours.
    """
    enough = _enough(text, part)
    if confidence >= enough:
        return True
    return enough == LIKELY and ours >= RATHER_OURS and confidence / ours >= SURE


def _enough(text: str, part: Part) -> float:
    """Give the confidence from which a part asks for something by itself."""
    known, words = rules(), text[part.start : part.end + 1]
    if part.start and known.pronouns.search(words):
        return SURE_OF_IT
    asks = known.asking.search(words) or known.announcing.search(text[: part.start])
    return LIKELY if asks else SURE_UNASKED


def only_clear_openings(parts: Sequence[Part]) -> list[Part]:
    """Put parts together again that no sign divides, unless both sides are very clear."""
    found: list[Part] = []
    for part in parts:
        if part.bordered or not found:
            found.append(part)
            continue
        before = found[-1]
        if min(before.confidence, part.confidence) >= SURE_WITHOUT_BORDER and before.intent and part.intent:
            found.append(part)
        else:
            clearer = max(before, part, key=lambda one: one.confidence if one.intent else 0.0)
            found[-1] = replace(before, end=part.end, intent=clearer.intent, confidence=clearer.confidence)
    return found


def read_together(text: str, parts: Sequence[Part], understand: Understand) -> list[Part]:
    """Read parts in a row that are not clear alone as one: "show me something like it, but cheaper"."""
    found: list[Part] = []
    for part in parts:
        if found and not found[-1].intent and not part.intent:
            joined = read_part(text, replace(found[-1], end=part.end), understand)
            if joined.intent:
                found[-1] = joined
                continue
        found.append(part)
    return found


def unclear(text: str, parts: Sequence[Part]) -> list[Part]:
    """Give the parts that ask for something, but it is not clear for what."""
    return [replace(part, intent=UNCLEAR) for part in parts if not part.intent and _asks_aloud(text, part)]


def _asks_aloud(text: str, part: Part) -> bool:
    words = rules().fillers.sub(" ", text[part.start : part.end])
    asks = rules().asking.search(words) is not None and not rules().pronouns.search(words)
    return asks and len(MEANINGFUL.findall(words)) >= ENOUGH_WORDS
