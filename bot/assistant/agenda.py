"""What of a message with several requests is served now, in which order, and what waits until a form has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.assistant.components.request_rules import rules
from bot.assistant.components.requests import entities_of, form_of, is_answer, is_question, is_unclear

Request = dict[str, Any]

PERSON = "request_person"
FREE_TEXT = frozenset({"feedback_form", "product_search_form", "rating_form", "rating_comment_form"})
"""Forms that take a message as it is."""

SURE_BESIDE_NO = 0.7
"""Confidence from which something is a request of its own beside a "no" to the open form's question."""

GIVES_WAY = frozenset(
    {
        *("nlu_fallback", "out_of_scope", "give_complaint", "chitchat_insult", "chitchat_mood", "ask_help"),
        *("greet", "thank", "goodbye"),
    }
)
"""What a message as a whole may be taken for while one of its parts clearly asks for something else."""

REMEMBERED_SECONDS = 3_600.0
"""What has waited longer than this is not begun any more."""

ENDS_ALL = frozenset({"action_handoff_request", "action_shared_stop", "action_goodbye"})
"""Actions after which nothing is begun that was asked for before."""


@dataclass(frozen=True)
class Agenda:
    """What to do with a message.

    Attributes:
        now: What is served in this turn, in order; empty where the message is taken as a whole.
        later: Tasks that wait for the end of the form.
        unclear: Parts that ask for something nobody understands.
        ends_with_answer: The last of `now` is said to the form that is open.
    """

    now: list[Request] = field(default_factory=list)
    later: list[Request] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    ends_with_answer: bool = False

    def told(self) -> list[dict[str, Any]]:
        """Give what the turn's trace says of it; the words are the message's own and stay in the log."""
        return [
            {"intent": request["intent"], "confidence": request["confidence"], "when": when}
            for when, requests in (("now", self.now), ("later", self.later))
            for request in requests
        ]


def agenda_of(parsed: Mapping[str, Any], open_form: str | None) -> Agenda:
    """Put the requests of a message in order: questions first, then what a form asks or one task; the others wait.

    Args:
        parsed: What the assistant's pipeline made of the message.
        open_form: The form that is open.
    """
    if open_form in FREE_TEXT:
        return Agenda()
    found = [dict(request) | {"entities": _entities(request, parsed)} for request in parsed.get("requests") or []]
    unclear = [str(request["text"]) for request in found if is_unclear(request)]
    found = [request for request in found if not is_unclear(request)]
    answers = [request for request in found if _answers(request, open_form)]
    wanted = [request for request in found if not is_answer(request) and request not in answers]
    if not wanted or len(answers) + len(wanted) < 2:
        gives_way = (parsed.get("intent") or {}).get("name") in GIVES_WAY
        return Agenda([wanted[0] | _whole(parsed)]) if wanted and gives_way else Agenda()
    if any(request["intent"] == "deny" for request in answers) and min(_confidences(wanted)) < SURE_BESIDE_NO:
        return Agenda()  # "no, the other one"
    questions = [request for request in wanted if is_question(request)]
    tasks = [request for request in wanted if not is_question(request)]
    person = [request for request in tasks if request["intent"] == PERSON]
    if person:  # who comes sees the whole conversation, so nothing else is begun
        return Agenda([*questions, *person], unclear=unclear)
    if answers:
        return Agenda([*questions, answers[0] | _together(answers, parsed)], tasks, unclear, ends_with_answer=True)
    return Agenda([*questions, *tasks[:1]], tasks[1:], unclear)


def _confidences(requests: Iterable[Request]) -> list[float]:
    return [request["confidence"] for request in requests]


def is_task(intent: str | None) -> bool:
    """Tell whether an intent is one that may ask back or bring a person."""
    return intent in rules().tasks


def begun_next(remembered: Iterable[Request], now: float) -> tuple[Request | None, list[Request]]:
    """Give what is begun next of what waits, and what waits on.

    Args:
        remembered: What waits, each with the time (`at`) at which it was asked for.
        now: The present time, seconds since 1970.
    """
    fresh = [request for request in remembered if now - request["at"] < REMEMBERED_SECONDS]
    return (fresh[0], fresh[1:]) if fresh else (None, [])


def _answers(request: Request, open_form: str | None) -> bool:
    """Tell whether a request is said to the open form: an answer, or once more what opened it."""
    return open_form is not None and (is_answer(request) or form_of(request) == open_form)


def _whole(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Give the words of the whole message: beside the only request in it they are its details."""
    return {"text": parsed["text"], "entities": list(parsed.get("entities") or [])}


def _together(answers: list[Request], parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Join several answers to the form into one: it reads them all."""
    text = str(parsed["text"])
    return {
        "text": " ".join(text[answer["start"] : answer["end"]].strip() for answer in answers),
        "entities": [entity for answer in answers for entity in answer["entities"]],
    }


def _entities(request: Mapping[str, Any], parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    return entities_of(request, parsed.get("entities") or [])
