"""Owner moves: the bot never answers under a person, no conversation is without an owner, no two people have one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crm_core.conversations.owner import MOVES, Move, Ownership, State
from crm_core.errors import Conflict, NotAllowed
from crm_core.records.conversations import Owner

AGENTS = st.sampled_from(["mei", "tom"])


def test_every_state_says_what_each_move_does() -> None:
    assert set(MOVES) == set(State)
    for state, moves in MOVES.items():
        assert set(moves) <= set(Move)
        assert moves[Move.CLOSE] is State.CLOSED, state


@pytest.mark.parametrize("move", [move for move in Move if move is not Move.CLOSE])
def test_nothing_happens_in_a_closed_conversation(move: Move) -> None:
    with pytest.raises(Conflict, match="closed"):
        Ownership(State.CLOSED).moved(move, "mei")


def test_asking_twice_is_asking_once() -> None:
    waiting = Ownership(State.BOT).moved(Move.ASK)
    assert waiting.moved(Move.ASK) is waiting


def test_taking_what_one_has_changes_nothing() -> None:
    mine = Ownership(State.QUEUE).moved(Move.TAKE, "mei")
    assert mine.moved(Move.TAKE, "mei") is mine


def test_nobody_takes_what_somebody_has() -> None:
    with pytest.raises(Conflict, match="somebody else"):
        Ownership(State.HUMAN, "mei").moved(Move.TAKE, "tom")


@pytest.mark.parametrize("move", [Move.RELEASE, Move.HAND_BACK, Move.CLOSE])
def test_nobody_gives_away_what_somebody_else_has(move: Move) -> None:
    with pytest.raises(NotAllowed):
        Ownership(State.HUMAN, "mei").moved(move, "tom")


def test_a_conversation_is_taken_by_somebody() -> None:
    with pytest.raises(NotAllowed):
        Ownership(State.QUEUE).moved(Move.TAKE)


def test_who_closed_a_conversation_stays_known() -> None:
    assert Ownership(State.HUMAN, "mei").moved(Move.CLOSE, "mei").agent_id == "mei"
    assert Ownership(State.QUEUE).moved(Move.CLOSE).agent_id is None


@given(st.sampled_from(list(State)), AGENTS)
def test_only_the_person_who_has_a_conversation_writes_into_it(state: State, agent: str) -> None:
    owned = Ownership(state, "mei" if state in (State.HUMAN, State.CLOSED) else None)
    if state is State.HUMAN and agent == "mei":
        owned.check_may_write(agent)
    else:
        with pytest.raises(NotAllowed):
            owned.check_may_write(agent)


class OwnerMachine(RuleBasedStateMachine):
    """Any moves by anybody, against a model that knows only who answers."""

    def __init__(self) -> None:
        super().__init__()
        self.owned = Ownership(State.BOT)
        self.answers: str | None = "bot"  # bot, queue, an agent, or None once closed
        self.changes = 0

    def _try(self, move: Move, agent: str | None, answers: str | None, legal: bool) -> None:
        if not legal:
            with pytest.raises((Conflict, NotAllowed)):
                self.owned.moved(move, agent)
            return
        self.owned = self.owned.moved(move, agent)
        self.changes += answers != self.answers
        self.answers = answers

    @rule()
    def ask(self) -> None:
        self._try(Move.ASK, None, "queue" if self.answers == "bot" else self.answers, self.answers is not None)

    @rule()
    def give_up(self) -> None:
        self._try(Move.GIVE_UP, None, "bot", self.answers == "queue")

    @rule(agent=AGENTS)
    def take(self, agent: str) -> None:
        self._try(Move.TAKE, agent, agent, self.answers in ("bot", "queue", agent))

    @rule(agent=AGENTS)
    def release(self, agent: str) -> None:
        self._try(Move.RELEASE, agent, "queue", self.answers == agent)

    @rule(agent=AGENTS)
    def hand_back(self, agent: str) -> None:
        self._try(Move.HAND_BACK, agent, "bot", self.answers == agent)

    @rule(agent=st.none() | AGENTS)
    def close(self, agent: str | None) -> None:
        self._try(Move.CLOSE, agent, None, agent is None or self.answers not in ({"mei", "tom"} - {agent}))

    @invariant()
    def exactly_one_answers(self) -> None:
        expected = {"bot": State.BOT, "queue": State.QUEUE, None: State.CLOSED}.get(self.answers, State.HUMAN)
        assert self.owned.state is expected
        if self.owned.state is State.HUMAN:
            assert (self.owned.owner, self.owned.agent_id) == (Owner.HUMAN, self.answers)

    @invariant()
    def every_change_and_nothing_else_counts_the_version_up(self) -> None:
        assert self.owned.version == 1 + self.changes


TestOwnerMachine = OwnerMachine.TestCase
TestOwnerMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
