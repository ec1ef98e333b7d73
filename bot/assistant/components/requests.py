"""Several requests in one message: where one ends and the next begins, and what each of them asks for.

"Cancel it and tell me when I get my money" is two requests, "it is broken and I'm angry, send me a new one" is one.
A message is cut wherever a request may end; a part that asks for nothing by itself is a detail of its neighbour, and
only two different requests that are both clear make a message one of several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import yaml

LIKELY = 0.35  # confidence from which a part asks for something by itself; chosen on benchmarks/several_requests.yml
SURE = 0.5  # the same for the clearest part
SURE_UNASKED = 0.7  # the same where a part has no word that asks
SURE_OF_IT = 0.7  # the same where a part speaks of "it"
SURE_WITHOUT_BORDER = 0.7  # the same where neither a sign nor a connecting word stands between two parts
RATHER_OURS = 0.4  # probability of being ours at all from which a part that asks is read as ours
OUTSIDE = "out_of_scope"
SURE_ALONE = 0.7  # the same for the only request among several parts
UNCLEAR = "nlu_fallback"
ENOUGH_WORDS = 4  # words or Han characters; what is shorter and not clear is taken for a detail
MOST_PARTS = 8  # what comes after them belongs to the last one
LONGEST = 600  # characters; a letter is read as a whole

_FILE = Path(__file__).with_name("requests.yml")
_HAN = "\u3400-\u9fff"
_WHOLE = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|\d[.,:]\d", re.ASCII)
_ABOUT_ORDERS = ("order_", "payment_")  # forms
_ORDER = re.compile(r"\d{5,}")
_MEANINGFUL = re.compile(rf"[^\W_{_HAN}]{{2,}}|[{_HAN}]|\d")


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


@dataclass(frozen=True)
class Part:
    """A part of a message, and what it asks for (`""`: nothing by itself)."""

    start: int
    end: int
    intent: str = ""
    confidence: float = 0.0
    bordered: bool = True


@dataclass(frozen=True)
class Beside:
    """What an intent means beside some others; `words`: only where one of them is said."""

    said: str
    others: frozenset[str]
    means: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Rules:
    """The content of `requests.yml`, compiled."""

    questions: frozenset[str]
    tasks: Mapping[str, str | None]
    answers: frozenset[str]
    one_wish: tuple[tuple[str, ...], ...]
    reasons: Mapping[str, re.Pattern[str]]
    beside: tuple[Beside, ...]
    borders: re.Pattern[str]
    openers: re.Pattern[str]
    dangling: re.Pattern[str]
    fillers: re.Pattern[str]
    asking: re.Pattern[str]
    announcing: re.Pattern[str]
    pronouns: re.Pattern[str]

    @property
    def counted(self) -> frozenset[str]:
        """What a part may ask for, or answer."""
        return self.questions | self.answers | self.tasks.keys()


def split_requests(text: str, understand: Understand) -> list[dict[str, Any]]:
    """Give the requests of a message in the order they stand in it; nothing where it has no parts.

    Of a message with several parts only one of which asks for something ("hello, you are so slow, cancel it") that one
    is given alone, with the whole text. Parts that ask for something nobody understands stand last.

    Args:
        text: The message.
        understand: The intent classifier.

    Returns:
        For each request its `text`, `start` and `end` in the message, `intent` and `confidence`. Answers to a form's
        question ("yes", an order number) are among them where a request stands beside them; `is_answer` tells them.
    """
    if len(text) > LONGEST or text.startswith("/"):
        return []
    parts = _parts(text)
    if len(parts) < 2:
        return []
    read = [_read(text, part, understand) for part in parts]
    clear = _read_together(text, _only_clear_openings(read), understand)
    found = _one_of_each(text, _beside(text, _without_reasons(text, _with_details(clear))))
    wanted = [part for part in found if part.intent not in rules().answers]
    if not wanted or max(part.confidence for part in wanted) < (SURE if len(found) > 1 else SURE_ALONE):
        return []
    if len(found) == 1:
        return [_request(text, replace(found[0], start=0, end=len(text)))]
    return [_request(text, part) for part in [*found, *_unclear(text, clear)]]


def is_unclear(request: Mapping[str, Any]) -> bool:
    """Tell whether this part asks for something that is not understood."""
    return bool(request["intent"] == UNCLEAR)


def is_answer(request: Mapping[str, Any]) -> bool:
    """Tell whether this answers an open form's question, and is no request where none is open."""
    return request["intent"] in rules().answers


def is_question(request: Mapping[str, Any]) -> bool:
    """Tell whether this is answered in one go."""
    return request["intent"] in rules().questions


def form_of(request: Mapping[str, Any]) -> str | None:
    """Give the form that a request opens."""
    return rules().tasks.get(request["intent"])


def entities_of(request: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the entities that a request is about.

    A task about an order that has none of a kind borrows the message's only one: "cancel RP100234 and send me the
    invoice".
    """
    own = [entity for entity in entities if request["start"] <= entity.get("start", -1) < request["end"]]
    if not (form_of(request) or "").startswith(_ABOUT_ORDERS):
        return [dict(entity) for entity in own]
    kinds = {entity["entity"] for entity in own}
    lent: list[Mapping[str, Any]] = []
    for kind in {entity["entity"] for entity in entities} - kinds:
        named = [entity for entity in entities if entity["entity"] == kind]
        lent += named if len({str(entity["value"]) for entity in named}) == 1 else []
    return [dict(entity) for entity in [*own, *lent]]


def _request(text: str, part: Part) -> dict[str, Any]:
    words = text[part.start : part.end].strip()
    return {
        "text": words,
        "intent": part.intent,
        "confidence": round(part.confidence, 4),
        "start": part.start,
        "end": part.end,
    }


def _parts(text: str) -> list[Part]:
    """Cut a message wherever a request may begin."""
    found = rules()
    whole = [match.span() for match in _WHOLE.finditer(text)]
    ends = {
        match.start(): match.end()
        for match in found.borders.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in whole)
    }
    begins = {m.start() for m in found.openers.finditer(text) if not found.dangling.search(text[: m.start()])}
    parts: list[Part] = []
    start, bordered = 0, True
    for place in sorted({*ends, *begins, len(text)}):
        if place < start:
            continue
        if _MEANINGFUL.search(text[start:place]):
            parts.append(Part(start, place, bordered=bordered))
            bordered = False
        elif parts and place in begins and place not in ends:
            continue
        bordered = bordered or place in ends
        start = ends.get(place, place)
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 1], replace(parts[MOST_PARTS - 1], end=len(text))]
    return parts


def _read(text: str, part: Part, understand: Understand) -> Part:
    words = rules().fillers.sub(" ", text[part.start : part.end]).strip()
    if not _MEANINGFUL.search(words):
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


def _only_clear_openings(parts: Sequence[Part]) -> list[Part]:
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


def _read_together(text: str, parts: Sequence[Part], understand: Understand) -> list[Part]:
    """Read parts in a row that are not clear alone as one: "show me something like it, but cheaper"."""
    found: list[Part] = []
    for part in parts:
        if found and not found[-1].intent and not part.intent:
            joined = _read(text, replace(found[-1], end=part.end), understand)
            if joined.intent:
                found[-1] = joined
                continue
        found.append(part)
    return found


def _unclear(text: str, parts: Sequence[Part]) -> list[Part]:
    """Give the parts that ask for something, but it is not clear for what."""
    return [replace(part, intent=UNCLEAR) for part in parts if not part.intent and _asks_aloud(text, part)]


def _asks_aloud(text: str, part: Part) -> bool:
    words = rules().fillers.sub(" ", text[part.start : part.end])
    asks = rules().asking.search(words) is not None and not rules().pronouns.search(words)
    return asks and len(_MEANINGFUL.findall(words)) >= ENOUGH_WORDS


def _with_details(parts: Sequence[Part]) -> list[Part]:
    """Let a part that asks for nothing belong to the one before it, or at the beginning to the one after it."""
    found: list[Part] = []
    for part in parts:
        if found and (not part.intent or not found[-1].intent):
            named = part if part.intent else found[-1]
            found[-1] = replace(named, start=found[-1].start, end=part.end)
        else:
            found.append(part)
    return [part for part in found if part.intent]


def _without_reasons(text: str, parts: Sequence[Part]) -> list[Part]:
    """Let what is only told beside a request be its reason."""
    known = rules()

    def is_told(part: Part) -> bool:
        asked_by = known.reasons.get(part.intent)
        return asked_by is not None and not asked_by.search(text[part.start : part.end + 1])

    wanted = [part for part in parts if part.intent not in known.answers and not is_told(part)]
    return [part for part in parts if not (wanted and is_told(part))]


def _beside(text: str, parts: Sequence[Part]) -> list[Part]:
    """Read what a part means beside the others."""
    said = {part.intent for part in parts}

    def meant(part: Part) -> str:
        words = text[part.start : part.end]
        rows = (row for row in rules().beside if row.said == part.intent and row.others & said)
        return next((row.means for row in rows if row.words.search(words)), part.intent)

    return [replace(part, intent=meant(part)) for part in parts]


def _one_of_each(text: str, parts: Sequence[Part]) -> list[Part]:
    """Make one of the parts that are one wish; two orders are two wishes."""
    found: list[Part] = []
    for part in parts:
        place = next((number for number, other in enumerate(found) if _is_one_wish(text, other, part)), None)
        if place is None:
            found.append(part)
            continue
        other, is_last = found[place], place == len(found) - 1
        found[place] = replace(
            other,
            intent=_preferred(other.intent, part.intent),
            confidence=max(other.confidence, part.confidence),
            end=part.end if is_last else other.end,
        )
    return found


def _is_one_wish(text: str, first: Part, second: Part) -> bool:
    orders = [set(_ORDER.findall(text[part.start : part.end])) for part in (first, second)]
    return bool(_preferred(first.intent, second.intent)) and not (all(orders) and not orders[0] & orders[1])


def _preferred(first: str, second: str) -> str:
    """Give what two intents are together when they are one wish, else nothing."""
    if first == second:
        return first
    for wish in rules().one_wish:
        if first in wish and second in wish:
            return min(first, second, key=wish.index)
    return ""


@cache
def rules() -> Rules:
    """Read `requests.yml`, once."""
    data = yaml.safe_load(_FILE.read_text("utf-8"))
    signs = "".join(re.escape(sign) for sign in data["signs"] + data["soft_signs"])
    connectors = _words(chain(*data["connectors"]))
    border = rf"[{signs}]|{connectors}|(?<=[{_HAN}])\s+(?=[{_HAN}])"
    return Rules(
        questions=frozenset(data["questions"]),
        tasks=data["tasks"],
        answers=frozenset(data["answers"]),
        one_wish=tuple(tuple(wish) for wish in data["one_wish"]),
        reasons={name: re.compile(_words(words), re.IGNORECASE) for name, words in data["reasons"].items()},
        beside=tuple(
            Beside(row["said"], frozenset(row["with"]), row["means"], re.compile(_words(row.get("words", ()))))
            for row in data["beside"]
        ),
        borders=re.compile(rf"(?:{border}|\s)*(?:{border})\s*", re.IGNORECASE),
        openers=re.compile(_words(chain(*data["openers"])), re.IGNORECASE),
        asking=re.compile(_words(data["asking"]), re.IGNORECASE),
        announcing=re.compile(rf"(?:{_words(data['announcing'])})[\s,，:：]*$", re.IGNORECASE),
        pronouns=re.compile(_words(data["pronouns"]), re.IGNORECASE),
        fillers=re.compile(_words(data["fillers"]), re.IGNORECASE),
        dangling=re.compile(rf"(?:{_words(data['dangling'])})\s*$", re.IGNORECASE),
    )


def _words(words: Iterable[str]) -> str:
    """Give a pattern for any of some words; Latin ones must stand by themselves."""
    ordered = sorted(words, key=len, reverse=True)
    han = [word for word in ordered if re.search(f"[{_HAN}]", word)]
    latin = [word for word in ordered if word not in han and word[0].isalpha()]
    signs = [word for word in ordered if word not in han and word not in latin]
    alone = rf"(?<![A-Za-z0-9'’@.+-])(?:{'|'.join(latin)})(?![A-Za-z0-9'’@+-])" if latin else ""
    return "|".join(filter(None, [*han, alone, *signs]))
