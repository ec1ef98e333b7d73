"""How a conversation ended: the definition behind "solved by the bot / by a person / abandoned".

The last real answer decides. Read in the order of the log, each line says something or nothing about it:

- an agent's message: a person is solving it;
- a turn that answered (an intent with substance, neither fallback nor failure): the bot has;
- a turn that missed (fallback, out of scope, or the apology after the assistant failed): nobody has;
- a turn of pure manners (greeting, thanks, goodbye, small talk, the rating): says nothing, what was before stands.

So a conversation of greetings alone is *abandoned*: the customer left before a need was met, and the bot is not
credited with it. Whoever leaves while waiting for a person, in the queue or with an agent who never wrote since taking
the conversation, is *abandoned* whatever the bot had answered before. An agent who finishes a conversation says that
it is *solved by a person*. Where the customer never wrote there was no conversation: the outcome stays empty, and no
figure counts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from crm_core.conversations.owner import State
from crm_core.records.conversations import Outcome

MANNERS = frozenset({"greet", "goodbye", "thank", "ask_help", "chitchat", "stop", "rate_conversation"})
MISSES = frozenset({"out_of_scope", "nlu_fallback"})


class Line(Enum):
    """What one line of the log says about the outcome."""

    AGENT = auto()
    ANSWERED = auto()
    MISSED = auto()
    MANNERS = auto()
    TAKEN = auto()  # a person took the conversation


def line_of_turn(intent: str | None, *, fallback: bool, failed: bool, suppressed: bool) -> Line:
    """Tell what a turn of the bot says about the outcome."""
    if suppressed or (intent in MANNERS and not (fallback or failed)):
        return Line.MANNERS
    if fallback or failed or intent in MISSES:
        return Line.MISSED
    return Line.ANSWERED


def decide(state: State, lines: Iterable[Line], *, customer_wrote: bool) -> Outcome | None:
    """Decide how a conversation ended that nobody declared solved.

    Args:
        state: Where it was when it was closed.
        lines: What its log says, in order.
        customer_wrote: Whether there is any message of the customer.

    Returns:
        The outcome, or None where there was no conversation.
    """
    if not customer_wrote:
        return None
    if state is State.QUEUE:
        return Outcome.ABANDONED
    solved = Outcome.ABANDONED
    for line in lines:
        if line is Line.AGENT:
            solved = Outcome.SOLVED_BY_PERSON
        elif line is Line.ANSWERED:
            solved = Outcome.SOLVED_BY_BOT
        elif line is Line.MISSED or (line is Line.TAKEN and state is State.HUMAN):
            solved = Outcome.ABANDONED
    return solved
