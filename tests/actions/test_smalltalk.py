"""Greeting by what is known of the customer, and saying goodbye."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.smalltalk import ActionGoodbye, ActionGreet
from crm_core.crm import Crm

Run = Callable[..., dict[str, Any]]


@dataclass
class FakeConversation:
    verified: bool
    customer_id: str = "c1"


@dataclass
class FakeScore:
    label: str


@dataclass
class FakeCrm:
    """Knows one customer in one conversation."""

    segment: str | None
    verified: bool = True
    uses: list[str] = field(default_factory=list)

    @property
    def conversations(self) -> Any:
        fake = self

        class Conversations:
            def get(self, conversation_id: str) -> FakeConversation:
                return FakeConversation(fake.verified)

        return Conversations()

    @property
    def scores(self) -> Any:
        fake = self

        class Scores:
            def current(self, customer_id: str) -> dict[str, FakeScore]:
                return {"segment": FakeScore(fake.segment)} if fake.segment else {}

            def used(self, score: FakeScore, conversation_id: str, purpose: str) -> None:
                fake.uses.append(purpose)

        return Scores()


@pytest.mark.parametrize(
    ("segment", "verified", "response"),
    [
        ("champions", True, "utter_smalltalk_greet_loyal"),
        ("loyal", True, "utter_smalltalk_greet_loyal"),
        ("at_risk", True, "utter_smalltalk_greet_at_risk"),
        ("sleeping", True, "utter_smalltalk_greet_at_risk"),
        ("new", True, "utter_smalltalk_greet_new"),
        ("one_time", True, "utter_smalltalk_greet"),
        (None, True, "utter_smalltalk_greet"),
        ("loyal", False, "utter_smalltalk_greet"),
    ],
)
def test_only_a_signed_in_customer_is_greeted_by_segment(
    tracker: Callable[..., Tracker], dispatcher: Any, perform: Run, segment: str | None, verified: bool, response: str
) -> None:
    crm = FakeCrm(segment, verified)
    perform(ActionGreet(cast(Crm, crm)), tracker("hello", intent="greet"))
    assert dispatcher.responses == [response]
    assert crm.uses == ([] if response == "utter_smalltalk_greet" else ["greeting"])


def test_a_second_hello_is_answered_plainly(tracker: Callable[..., Tracker], dispatcher: Any, perform: Run) -> None:
    again = tracker("hello", intent="greet")
    again.events.insert(0, {"event": "action", "name": "action_greet"})
    perform(ActionGreet(cast(Crm, FakeCrm("loyal"))), again)
    assert dispatcher.responses == ["utter_smalltalk_greet"]


def test_goodbye_closes_the_conversation(
    tracker: Callable[..., Tracker], dispatcher: CollectingDispatcher, perform: Run
) -> None:
    perform(ActionGoodbye(cast(Crm, FakeCrm(None))), tracker("bye", intent="goodbye"))
    assert [message.get("response") for message in dispatcher.messages] == ["utter_smalltalk_goodbye", None]
    assert dispatcher.messages[1]["custom"] == {"close": True}
