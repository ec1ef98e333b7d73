"""What a customer asked a person and what the person answered, taken from the lines of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_core.knowledge.terms import terms

_ASKED = 2  # terms that a question has at least: "hello?" is none
_REPLIED = 5  # terms that an answer has at least: "Hi, I'm Ada" is none


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation."""

    id: str
    text: str
    by_customer: bool  # else by a person of the shop


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer."""

    message_id: str  # of the question
    question: str
    reply: str


def exchanges(lines: Iterable[Line]) -> list[Exchange]:
    """Pair what was asked with what was answered to it.

    The question is the customer's last telling line before the answer; the answer is all that the person wrote until
    the customer's next line. A greeting answers nothing: the question stays open behind it.

    Args:
        lines: Of customer and person, in order.
    """
    found: list[Exchange] = []
    asked: Line | None = None
    reply: list[str] = []
    for line in [*lines, Line("", "", by_customer=True)]:
        if not line.by_customer:
            reply.append(line.text)
            continue
        if asked is not None and _tells(reply, _REPLIED):
            found.append(Exchange(asked.id, asked.text, "\n\n".join(reply)))
            asked = None
        reply = []
        if _tells([line.text], _ASKED):
            asked = line
    return found


def _tells(texts: Sequence[str], least: int) -> bool:
    return sum(len(terms(text)) for text in texts) >= least
