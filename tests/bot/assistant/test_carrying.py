"""A long conversation is answered in the same words whether or not it goes on in new sessions."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot

from benchmarks.recorded_turns import Job, Talk, serving
from bot.assistant.carrying import TURNS, carried_over
from tests.bot.assistant.levers.test_equality import play
from tests.bot.assistant.levers.test_equality import talks as recorded

NEVER = 10**9
SLOTS = [AnySlot("offer", [{"type": "custom"}])]


def looking_back(body: bytes) -> tuple[int, bytes]:
    """Answer as our actions do: by what was said and done in the turns before."""
    call = json.loads(body)
    events = call["tracker"]["events"]
    said = [event["text"] for event in events if event["event"] == "user"][-3:]
    done = [event["name"] for event in events if event["event"] == "action" and event["name"] != "action_listen"][-3:]
    holds = call["tracker"]["slots"]["order_number"]
    text = f"After {said} and {done}, {holds}: {len(said)}"
    return 200, json.dumps({"events": [], "responses": [{"text": text}]}).encode()


def long_talks() -> list[Talk]:
    """Join the recorded conversations into a few long ones."""
    chance = random.Random(7)
    messages = [said for talk in recorded() for said in talk.messages]
    return [Talk(f"long-{number}", "en", chance.sample(messages, 60)) for number in range(2)]


def test_the_replies_are_the_same_with_and_without_the_cap(model: str, tmp_path: Path) -> None:
    with serving(looking_back) as webhook:
        job = Job(model, "all", webhook, long_talks(), str(tmp_path / "turns"), NEVER)
        whole = play(job, tmp_path)
        job.long = 80
        capped = play(job, tmp_path)
    different = [
        (one.text, one.replies, other.replies)
        for one, other in zip(whole, capped, strict=True)
        if one.replies != other.replies
    ]
    assert different == []
    sessions = [event for turn in capped for event in turn.events if event["event"] == "session_started"]
    assert len(sessions) >= 4, "it was capped again and again"


def turn(number: int, *events: Event) -> list[Event]:
    """Give a turn's events."""
    heard = UserUttered(f"text {number}", intent={"name": "greet"}, input_channel="x")
    heard.message_id = f"m{number}"
    return [heard, *events, ActionExecuted("action_listen")]


def names(events: list[Event]) -> list[Any]:
    """What the events are, shortly."""
    return [getattr(event, "action_name", None) or getattr(event, "text", None) or event.type_name for event in events]


def test_the_last_turns_come_along_with_the_slots_as_they_were_before_them() -> None:
    events = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    for number in range(10):
        events += turn(number, SlotSet("offer", number))
    carried = carried_over(events, SLOTS, 100)
    first = 10 - TURNS
    assert names(carried)[:4] == ["action_session_start", "session_started", "slot", "action_listen"]
    assert carried[2].value == first - 1
    assert carried[4:] == events[-3 * TURNS :]


def test_no_turn_inside_a_form_is_the_first() -> None:
    filled = [*turn(0, ActiveLoop("form")), *turn(1), *turn(2, ActiveLoop(None))]
    later = [event for number in range(3, 3 + TURNS - 1) for event in turn(number)]
    assert carried_over([*filled, *later], SLOTS, len(later)) == [], "there is no room for the whole form yet"
    assert carried_over([*filled, *later], SLOTS, 100)[3:] == [*filled, *later]
    assert carried_over([*filled, *later] * 5, SLOTS, len(later))[3:] == later, "but it does not wait for ever"


def test_a_greeting_is_remembered_for_good() -> None:
    events = turn(0, ActionExecuted("action_greet"))
    for number in range(1, 20):
        events += turn(number)
    assert names(carried_over(events, SLOTS, 30))[2] == "action_greet"
