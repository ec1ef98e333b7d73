"""Any order of deeds on a real database, against a model of a few lines."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from crm_core.crm import Crm
from crm_core.errors import Conflict, NotAllowed
from crm_core.records.conversations import Author, HandoffWish, Owner, PendingTurn, TurnResult
from crm_core.records.people import Actor
from crm_core.settings import Settings
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import employed

AGENTS = strategies.integers(0, 1)


class ConversationMachine(RuleBasedStateMachine):
    """One customer, the bot and two agents; `log` is what must have been said, `owner` who may answer."""

    template: Path

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        home = Path(self.folder.name)
        shutil.copy(self.template, home / "rapport.db")
        self.clock = FakeClock()
        self.crm = Crm(Settings.load(home=home), self.clock)
        self.agents = [employed(self.crm, "Mei").id, employed(self.crm, "Tom").id]
        for agent in self.agents:
            self.crm.team.seen(agent)
        self.id = self.crm.conversations.open("web", "visitor-1").id
        self.owner: str = "bot"
        self.log: list[str] = []
        self.unanswered: list[str] = []
        self.turn: PendingTurn | None = None
        self.count = 0
        self.owed_since: datetime | None = None  # from when the customer waits for the person who has them
        self.offered: tuple[str, datetime] | None = None
        self.nobody_since: datetime | None = None
        self.told_nobody = 0

    def _text(self, who: str) -> str:
        self.count += 1
        return f"{who} {self.count}"

    def _goes_to(self, owner: str) -> None:
        waited = self.owed_since is not None or self.owner == "queue"
        self.owed_since = self.clock.now if waited and owner in self.agents else None
        self.nobody_since = self.clock.now if owner == "queue" else None
        self.owner, self.offered = owner, None
        self.unanswered = []

    @rule()
    def the_customer_writes(self) -> None:
        text = self._text("customer")
        self.crm.conversations.accept(self.id, {"text": text})
        self.log.append(text)
        if self.owner == "bot":
            self.unanswered.append(text)
        elif self.owner in self.agents:
            self.owed_since = self.owed_since or self.clock.now

    @rule()
    def a_turn_is_taken(self) -> None:
        if self.turn is not None:
            return
        self.turn = self.crm.conversations.next_turn(self.id, "gateway-1", lease_seconds=20)
        expected = self.unanswered[0] if self.owner == "bot" and self.unanswered else None
        assert (self.turn and self.turn.message.body["text"]) == expected

    @rule(handoff=strategies.booleans())
    def the_turn_is_finished(self, handoff: bool) -> None:
        if self.turn is None:
            return
        text, asked = self._text("bot"), self.turn.message.body["text"]
        wish = HandoffWish("request") if handoff else None
        replies = self.crm.conversations.finish_turn(self.turn, TurnResult([{"text": text}], handoff=wish))
        self.turn = None
        if self.owner == "bot" and self.unanswered[:1] == [asked]:
            assert [reply.body["text"] for reply in replies] == [text]
            self.log.append(text)
            self.unanswered.pop(0)
            if handoff:
                self._goes_to("queue")
        else:
            assert replies == [], "the bot never speaks when it is not its turn"

    @rule()
    def a_person_is_asked_for(self) -> None:
        self.crm.conversations.request_handoff(self.id, "request", requested_by="customer")
        if self.owner == "bot":
            self._goes_to("queue")

    @rule()
    def the_customer_stays_with_the_bot(self) -> None:
        if self.owner == "queue":
            self.crm.conversations.cancel_handoff(self.id)
            self._goes_to("bot")

    @rule(agent=AGENTS)
    def an_agent_takes_it(self, agent: int) -> None:
        if self.owner == self.agents[agent]:
            self.crm.conversations.take(self.id, self.agents[agent])
        elif self.owner in ("bot", "queue"):
            self.crm.conversations.take(self.id, self.agents[agent])
            self._goes_to(self.agents[agent])
        else:
            with pytest.raises(Conflict):
                self.crm.conversations.take(self.id, self.agents[agent])

    @rule(agent=AGENTS)
    def an_agent_writes(self, agent: int) -> None:
        text = self._text("agent")
        if self.owner == self.agents[agent]:
            self.crm.conversations.say(self.id, self.agents[agent], text)
            self.log.append(text)
            self.owed_since = None
        else:
            with pytest.raises(NotAllowed):
                self.crm.conversations.say(self.id, self.agents[agent], text)

    @rule(agent=AGENTS, back=strategies.booleans())
    def an_agent_leaves(self, agent: int, back: bool) -> None:
        leave = self.crm.conversations.hand_back if back else self.crm.conversations.release
        if self.owner == self.agents[agent]:
            leave(self.id, self.agents[agent])
            self._goes_to("bot" if back else "queue")
        else:
            with pytest.raises((Conflict, NotAllowed)):
                leave(self.id, self.agents[agent])

    @rule(agent=AGENTS)
    def an_agent_offers_it_to_the_other(self, agent: int) -> None:
        giver, other = self.agents[agent], self.agents[1 - agent]
        if self.owner == giver:
            self.crm.conversations.offer(self.id, giver, other)
            self.offered = other, self.clock.now
        else:
            with pytest.raises(NotAllowed):
                self.crm.conversations.offer(self.id, giver, other)

    @rule(agent=AGENTS, accepts=strategies.booleans())
    def the_other_answers_the_offer(self, agent: int, accepts: bool) -> None:
        decide = self.crm.conversations.accept_offer if accepts else self.crm.conversations.decline_offer
        if self.offered is None or self.offered[0] != self.agents[agent]:
            with pytest.raises(Conflict):
                decide(self.id, self.agents[agent])
            return
        decide(self.id, self.agents[agent])
        self.offered = None
        if accepts:
            self._goes_to(self.agents[agent])

    @rule(agent=AGENTS)
    def a_supervisor_gives_it_to_somebody(self, agent: int) -> None:
        self.crm.conversations.assign(self.id, self.agents[agent], actor=Actor("boss", "supervisor"))
        if self.owner != self.agents[agent]:
            self._goes_to(self.agents[agent])

    @rule(seconds=strategies.sampled_from([20, 100, 400]))
    def time_passes(self, seconds: int) -> None:
        now = self.clock.advance(seconds=seconds)
        for agent in self.agents:
            self.crm.team.seen(agent)
        if self.offered and now - self.offered[1] >= timedelta(seconds=60):
            self.offered = None
        told = self.nobody_since is not None and now - self.nobody_since >= timedelta(minutes=5)
        if told:
            self.nobody_since = None
            self.told_nobody += 1
        late = self.owed_since is not None and now - self.owed_since >= timedelta(minutes=5)
        self.crm.conversations.fire_timers()
        assert self.crm.conversations.fire_timers() == [], "each fires once"
        if late:
            self._goes_to("queue")

    @invariant()
    def nobody_came_is_said_once_a_wait(self) -> None:
        events = [message.body.get("event") for message in self.crm.conversations.messages(self.id)]
        assert events.count("nobody_came") == self.told_nobody

    @invariant()
    def the_log_is_what_was_said_without_a_gap(self) -> None:
        messages = self.crm.conversations.messages(self.id)
        assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
        said = [message.body["text"] for message in messages if message.author is not Author.SYSTEM]
        assert said == self.log

    @invariant()
    def exactly_one_owns_it(self) -> None:
        conversation = self.crm.conversations.get(self.id)
        by_state = {"bot": Owner.BOT, "queue": Owner.QUEUE}
        assert conversation.owner is by_state.get(self.owner, Owner.HUMAN)
        assert conversation.agent_id == (self.owner if self.owner in self.agents else None)
        assert len(self.crm.conversations.queue()) == (self.owner == "queue")

    def teardown(self) -> None:
        if hasattr(self, "crm"):
            self.crm.close()
            self.folder.cleanup()


def test_whatever_is_done_in_whatever_order_the_promises_hold(migrated_file: Path) -> None:
    class Machine(ConversationMachine):
        template = migrated_file

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("RAPPORT_TEST_EXAMPLES", "15")),
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
