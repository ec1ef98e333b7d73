"""Any order of moves by anybody, against a model that is written in another way."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from crm_core.conversations.owner import Move, Ownership, State
from crm_core.conversations.timers import Timer, wound_up
from crm_core.errors import Conflict, NotAllowed

AGENTS = ("mei", "tom", "ann")
SOMEBODY = strategies.sampled_from(AGENTS)
SYSTEM_OR_SOMEBODY = strategies.sampled_from([None, *AGENTS])


class OwnerMachine(RuleBasedStateMachine):
    """`who` has the conversation: `bot`, `queue`, `nobody` (closed) or an agent's name."""

    def __init__(self) -> None:
        super().__init__()
        self.ownership = Ownership(State.BOT)
        self.who = "bot"
        self.changes = 0

    def _try(self, move: Move, agent: str | None, then: str | None) -> None:
        """Make a move; `then` is who must have the conversation afterwards, None where it must be refused."""
        if then is None:
            with pytest.raises((Conflict, NotAllowed)):
                self.ownership.moved(move, agent)
            return
        self.ownership = self.ownership.moved(move, agent)
        self.changes += then != self.who
        self.who = then

    @rule()
    def a_person_is_asked_for(self) -> None:
        then = {"bot": "queue", "nobody": None}.get(self.who, self.who)
        self._try(Move.ASK, None, then)

    @rule()
    def the_customer_gives_up_waiting(self) -> None:
        self._try(Move.GIVE_UP, None, "bot" if self.who == "queue" else None)

    @rule(agent=SOMEBODY)
    def somebody_takes_it(self, agent: str) -> None:
        self._try(Move.TAKE, agent, agent if self.who in ("bot", "queue", agent) else None)

    @rule()
    def nobody_takes_it(self) -> None:
        self._try(Move.TAKE, None, None)

    @rule(agent=SOMEBODY)
    def it_is_given_to_a_colleague(self, agent: str) -> None:
        self._try(Move.TRANSFER, agent, agent if self.who in AGENTS else None)

    @rule(agent=SYSTEM_OR_SOMEBODY)
    def it_is_put_back_into_the_queue(self, agent: str | None) -> None:
        mine = self.who in AGENTS and agent in (None, self.who)
        self._try(Move.RELEASE, agent, "queue" if mine else None)

    @rule(agent=SYSTEM_OR_SOMEBODY)
    def it_is_handed_back_to_the_bot(self, agent: str | None) -> None:
        mine = self.who in AGENTS and agent in (None, self.who)
        self._try(Move.HAND_BACK, agent, "bot" if mine else None)

    @rule(agent=SYSTEM_OR_SOMEBODY)
    def it_is_closed(self, agent: str | None) -> None:
        foreign = self.who in AGENTS and agent not in (None, self.who)
        self._try(Move.CLOSE, agent, None if foreign else "nobody")

    @rule(agent=SOMEBODY)
    def somebody_would_write(self, agent: str) -> None:
        try:
            self.ownership.check_may_write(agent)
        except NotAllowed:
            assert self.who != agent
        else:
            assert self.who == agent, "nobody writes into what is another's"

    @invariant()
    def exactly_one_has_it(self) -> None:
        state = {"bot": State.BOT, "queue": State.QUEUE, "nobody": State.CLOSED}.get(self.who, State.HUMAN)
        assert self.ownership.state is state
        if state is not State.CLOSED:
            assert self.ownership.agent_id == (self.who if self.who in AGENTS else None)

    @invariant()
    def each_change_is_a_new_version(self) -> None:
        assert self.ownership.version == 1 + self.changes

    @invariant()
    def a_conversation_of_the_bot_winds_nothing_up(self) -> None:
        for before in State:
            for waited in (True, False):
                kind = wound_up(before, self.ownership.state, waited=waited)
                assert kind in {State.QUEUE: {Timer.NOBODY_CAME}, State.HUMAN: {Timer.AGENT_SILENT, None}}.get(
                    self.ownership.state, {None}
                )


def test_whoever_moves_it_in_whatever_order_one_has_it_and_only_that_one_writes() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OwnerMachine,
        settings=settings(
            max_examples=int(os.environ.get("RAPPORT_TEST_EXAMPLES", "50")),
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
        ),
    )
