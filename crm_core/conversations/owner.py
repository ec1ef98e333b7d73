"""Who answers in a conversation, and which changes of that are legal: the one place that decides.

    state   ask      give_up   take     transfer   release   hand_back   close
    bot     queue    -         human    -          -         -           closed
    queue   (stays)  bot       human    -          -         -           closed
    human   (stays)  -         (same)   human      queue     bot         closed
    closed  -        -         -        -          -         -           (stays)

`take` gives the conversation to one agent; while a person has it, only that person may release it, hand it back or
write. `transfer` gives it to a colleague, who has accepted it or to whom a supervisor gave it. A move that stays where
it is changes nothing, so that asking twice is asking once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_core.errors import Conflict, NotAllowed
from crm_core.records.conversations import Owner


class State(StrEnum):
    """Where a conversation is."""

    BOT = "bot"
    QUEUE = "queue"
    HUMAN = "human"
    CLOSED = "closed"


class Move(StrEnum):
    """What may be done to the ownership of a conversation."""

    ASK = "ask"  # for a person
    GIVE_UP = "give_up"  # waiting, and stay with the bot
    TAKE = "take"
    TRANSFER = "transfer"  # from one person to another
    RELEASE = "release"  # back into the queue
    HAND_BACK = "hand_back"  # to the bot
    CLOSE = "close"


MOVES: dict[State, dict[Move, State]] = {
    State.BOT: {Move.ASK: State.QUEUE, Move.TAKE: State.HUMAN, Move.CLOSE: State.CLOSED},
    State.QUEUE: {
        Move.ASK: State.QUEUE,
        Move.GIVE_UP: State.BOT,
        Move.TAKE: State.HUMAN,
        Move.CLOSE: State.CLOSED,
    },
    State.HUMAN: {
        Move.ASK: State.HUMAN,
        Move.TAKE: State.HUMAN,
        Move.TRANSFER: State.HUMAN,
        Move.RELEASE: State.QUEUE,
        Move.HAND_BACK: State.BOT,
        Move.CLOSE: State.CLOSED,
    },
    State.CLOSED: {Move.CLOSE: State.CLOSED},
}


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns a conversation, at which version of that."""

    state: State
    agent_id: str | None = None  # set exactly while a person owns it, and kept when that person closed it
    version: int = 1

    @classmethod
    def of(cls, status: str, owner: str, agent_id: str | None, version: int) -> Ownership:
        """Read the ownership from a conversation's columns."""
        return cls(State.CLOSED if status == "closed" else State(owner), agent_id, version)

    @property
    def owner(self) -> Owner:
        """Who answers; the bot where nobody does any more."""
        return Owner.BOT if self.state is State.CLOSED else Owner(self.state.value)

    def moved(self, move: Move, agent_id: str | None = None) -> Ownership:
        """Give the ownership after a move; the same object when nothing changes.

        Args:
            move: What is done.
            agent_id: Who does it, where a member of staff does; with a transfer, who gets it.

        Raises:
            Conflict: The move is not legal from here, or somebody else has the conversation.
            NotAllowed: The conversation is another agent's.
        """
        target = MOVES[self.state].get(move)
        if target is None:
            raise Conflict(f"{move.value} is not possible while the conversation is {self.state.value}")
        if move in (Move.TAKE, Move.TRANSFER) and agent_id is None:
            raise NotAllowed("a conversation is taken by somebody")
        if move is Move.TRANSFER:
            return self if agent_id == self.agent_id else Ownership(State.HUMAN, agent_id, self.version + 1)
        if self.state is State.HUMAN and agent_id is not None and agent_id != self.agent_id:
            if move is Move.TAKE:
                raise Conflict("somebody else has taken the conversation")
            raise NotAllowed("the conversation is another agent's")
        if target is self.state:
            return self
        kept = target is State.CLOSED and self.state is State.HUMAN
        return Ownership(
            target,
            agent_id if target is State.HUMAN else self.agent_id if kept else None,
            self.version + 1,
        )

    def check_may_write(self, agent_id: str) -> None:
        """Let only the person who has the conversation write into it.

        Raises:
            NotAllowed: It is not theirs.
        """
        if self.state is not State.HUMAN or self.agent_id != agent_id:
            raise NotAllowed("the conversation is not this agent's")
