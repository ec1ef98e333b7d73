"""Conversations are appended to, shared between processes, and survive a killed one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.tracker_store import AppendOnlyTrackerStore, tracker_url

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet]
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    """
)
FIRST: list[Event] = [
    ActionExecuted("action_session_start"),
    SessionStarted(),
    ActionExecuted("action_listen"),
    UserUttered("你好 👋", {"name": "greet", "confidence": 1.0}, message_id="m1"),
    SlotSet("language", "zh"),
    ActionExecuted("utter_greet", policy="RulePolicy", confidence=1.0),
    BotUttered("您好", {"custom": {"close": True}}, {"utter_action": "utter_greet"}),
    ActionExecuted("action_listen"),
]
SECOND: list[Event] = [UserUttered("thanks", {"name": "thank"}, message_id="m2"), ActionExecuted("action_listen")]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tracker.db'}"


@pytest.fixture
def store(url: str) -> Iterator[AppendOnlyTrackerStore]:
    made = AppendOnlyTrackerStore(DOMAIN, url=url)
    yield made
    made.close()


def say(store: AppendOnlyTrackerStore, events: list[Event], conversation_id: str = "c1") -> DialogueStateTracker:
    async def turn() -> DialogueStateTracker:
        tracker = await store.get_or_create_tracker(conversation_id, append_action_listen=False)
        tracker.update_with_events(events, DOMAIN)
        await store.save(tracker)
        return tracker

    return asyncio.run(turn())


def read(store: AppendOnlyTrackerStore, conversation_id: str = "c1") -> DialogueStateTracker:
    found = asyncio.run(store.retrieve(conversation_id))
    assert found is not None
    return found


def dump(tracker: DialogueStateTracker) -> list[dict[str, object]]:
    return [event.as_dict() for event in tracker.events]


def test_a_new_conversation_is_unknown(store: AppendOnlyTrackerStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None
    assert asyncio.run(store.exists("nobody")) is False


def test_what_was_saved_is_read_again_by_another_process(store: AppendOnlyTrackerStore, url: str) -> None:
    saved = say(store, FIRST)
    other = AppendOnlyTrackerStore(DOMAIN, url=url)
    again = read(other)
    assert dump(again) == dump(saved)
    assert again.get_slot("language") == "zh"
    assert asyncio.run(other.keys()) == ["c1"]
    other.close()


def test_the_tracker_of_this_process_is_lent_again(store: AppendOnlyTrackerStore) -> None:
    saved = say(store, FIRST)
    assert read(store) is saved


def test_a_tracker_is_not_lent_when_another_process_went_on(store: AppendOnlyTrackerStore, url: str) -> None:
    say(store, FIRST)
    other = AppendOnlyTrackerStore(DOMAIN, url=url)
    say(other, SECOND)
    assert len(read(store).events) == len(FIRST) + len(SECOND)
    other.close()


def test_a_turn_that_failed_leaves_nothing(store: AppendOnlyTrackerStore) -> None:
    say(store, FIRST)
    broken = read(store)
    broken.update_with_events(SECOND, DOMAIN)
    assert len(read(store).events) == len(FIRST)


def test_of_two_processes_in_one_conversation_the_second_is_refused(store: AppendOnlyTrackerStore, url: str) -> None:
    say(store, FIRST)
    mine = read(store)
    other = AppendOnlyTrackerStore(DOMAIN, url=url)
    say(other, SECOND)
    mine.update_with_events(SECOND, DOMAIN)
    with pytest.raises(sa.exc.IntegrityError):
        asyncio.run(store.save(mine))
    assert len(read(store).events) == len(FIRST) + len(SECOND)
    other.close()


def test_only_the_last_session_is_read_but_all_are_kept(store: AppendOnlyTrackerStore) -> None:
    say(store, FIRST)
    say(store, [ActionExecuted("action_session_start"), SessionStarted(), SlotSet("language", "zh")])
    assert [type(event) for event in read(store).events] == [ActionExecuted, SessionStarted, SlotSet]
    full = asyncio.run(store.retrieve_full_tracker("c1"))
    assert full is not None
    assert len(full.events) == len(FIRST) + 3


def test_a_copy_of_a_tracker_appends_only_what_is_new(store: AppendOnlyTrackerStore) -> None:
    say(store, FIRST)
    copy = read(store).copy()
    copy.update_with_events(SECOND, DOMAIN)
    asyncio.run(store.save(copy))
    assert len(read(store).events) == len(FIRST) + len(SECOND)


def test_only_some_conversations_stay_in_memory(url: str) -> None:
    store = AppendOnlyTrackerStore(DOMAIN, url=url, kept_ready=2)
    for number in range(4):
        say(store, FIRST, f"c{number}")
    assert list(store._ready) == ["c2", "c3"]
    assert len(read(store, "c0").events) == len(FIRST)
    store.close()


def test_a_person_can_be_forgotten(store: AppendOnlyTrackerStore) -> None:
    say(store, FIRST)
    assert store.forget("c1") == len(FIRST)
    assert asyncio.run(store.retrieve("c1")) is None


def test_what_was_forgotten_stands_in_no_file(url: str) -> None:
    store = AppendOnlyTrackerStore(DOMAIN, url=url)
    for number in range(20):
        words = f"my address is {number} Zyzzyx Road"
        say(store, [*FIRST, UserUttered(words, {"name": "greet"}, message_id="m9")], f"c{number}")
    file = Path(sa.engine.make_url(url).database or "")

    def written() -> bytes:
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert b"Zyzzyx" in written()
    for number in range(20):
        store.forget(f"c{number}")
    assert b"Zyzzyx" not in written()
    store.close()


def test_what_was_saved_survives_a_killed_process(url: str) -> None:
    code = (
        "import asyncio, os, signal\n"
        "from tests.bot.assistant.test_tracker_store import FIRST, DOMAIN, say\n"
        "from bot.assistant.tracker_store import AppendOnlyTrackerStore\n"
        f"say(AppendOnlyTrackerStore(DOMAIN, url={url!r}), FIRST)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False)
    assert ended.returncode == -signal.SIGKILL
    store = AppendOnlyTrackerStore(DOMAIN, url=url)
    assert len(read(store).events) == len(FIRST)
    store.close()


def test_the_place_comes_from_the_environment() -> None:
    assert tracker_url({"RAPPORT_TRACKER_URL": "postgresql://x/y"}) == "postgresql://x/y"
    assert tracker_url({"RAPPORT_HOME": "/srv/rapport"}) == "sqlite:////srv/rapport/tracker.db"
    assert tracker_url({}) == "sqlite:///.rapport/tracker.db"
