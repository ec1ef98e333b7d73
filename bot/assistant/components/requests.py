"""Several requests in one message: where one ends and the next begins, and what each of them asks for.

"Cancel it and tell me when I get my money" is two requests, "it is broken and I'm angry, send me a new one" is one.
A message is cut wherever a request may end; a part that asks for nothing by itself is a detail of its neighbour, and
only two different requests that are both clear make a message one of several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.assistant.components.request_parts import Part, cut
from bot.assistant.components.request_reading import (
    SURE,
    UNCLEAR,
    Understand,
    only_clear_openings,
    read_part,
    read_together,
    unclear,
)
from bot.assistant.components.request_rules import rules
from bot.assistant.components.request_wishes import one_of_each, read_beside, with_details, without_reasons

SURE_ALONE = 0.7  # confidence from which the only request among several parts counts
LONGEST = 600  # characters; a letter is read as a whole
_ABOUT_ORDERS = ("order_", "payment_")  # forms


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
    parts = cut(text)
    if len(parts) < 2:
        return []
    read = [read_part(text, part, understand) for part in parts]
    clear = read_together(text, only_clear_openings(read), understand)
    found = one_of_each(text, read_beside(text, without_reasons(text, with_details(clear))))
    wanted = [part for part in found if part.intent not in rules().answers]
    if not wanted or max(part.confidence for part in wanted) < (SURE if len(found) > 1 else SURE_ALONE):
        return []
    if len(found) == 1:
        return [_request(text, replace(found[0], start=0, end=len(text)))]
    return [_request(text, part) for part in [*found, *unclear(text, clear)]]


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
