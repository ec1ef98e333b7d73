"""What one customer and one member of staff know of a run: what they wrote, and what they were shown."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Written:
    """A message that somebody wrote, in the order of writing."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a conversation as a browser was shown it.

    Attributes:
        line: Counts the browser's connections; within one, lines come one by one.
        conversation_id: Of the welcome before it.
        seq: The place in the conversation.
        author: customer, bot, agent or system.
        text: What was said; of a line by the system, the name of the event.
        id: The customer's own id of the message.
    """

    line: int
    conversation_id: str
    seq: int
    author: str
    text: str
    id: str | None = None


@dataclass(slots=True)
class Journal:
    """Kept by one customer; nobody else writes into it.

    Attributes:
        channel: web or rest.
        party: The customer's name on that channel.
        written: Everything written.
        confirmed: The messages of which the gateway said that it has them, with their places where it told.
        shown: Everything that a browser was shown, in the order of arrival.
        welcomes: Of each connection and conversation, the cursor from which the gateway wanted to go on.
        answers: What a program was answered to each of its messages; a repeated one counts with its last answer.
        resends: How often something was sent again.
        cuts: How often the line was cut.
    """

    channel: str
    party: str
    written: list[Written] = field(default_factory=list)
    confirmed: dict[str, int | None] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    welcomes: dict[tuple[int, str], int] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    resends: int = 0
    cuts: int = 0


@dataclass(slots=True)
class StaffJournal:
    """What the members of staff wrote, by conversation."""

    written: dict[str, list[Written]] = field(default_factory=dict)
    taken: int = 0
