"""With our quicker parts Rasa does the same, event by event: 120 turns here, all of them in `make prove-levers`."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.recorded_turns import Job, RecordedActions, Said, Talk, Turn, differences, read_turns, serving
from tests.bot.assistant.small_bot import NLU

ROOT = Path(__file__).parents[4]
TALKS, MESSAGES = 12, 10


def talks() -> list[Talk]:
    """Give conversations of any messages after any."""
    chance = random.Random(20261122)
    texts = [line.strip("- \\") for line in NLU.replace('"', "\\n").split("\\n") if line.startswith("- ")]
    texts += ["RP100234", "something else entirely", "find order RP100111", "/stop"]
    return [Talk(f"c{n}", "en", [Said(chance.choice(texts)) for _ in range(MESSAGES)]) for n in range(TALKS)]


def answer(body: bytes) -> tuple[int, bytes]:
    """Answer as an action server: one action declines, another one sets a slot and speaks."""
    call = json.loads(body)
    if call["next_action"] == "action_fail" and len(call["tracker"]["events"]) % 2:
        return 400, json.dumps({"error": "not now", "action_name": "action_fail"}).encode()
    responses: list[dict[str, Any]] = [{"text": "It is on its way."}, {"response": "utter_hours"}]
    return 200, json.dumps({"events": [{"event": "slot", "name": "order_number"}], "responses": responses}).encode()


def play(job: Job, folder: Path) -> list[Turn]:
    """Play in a process of its own: what is switched on stays on."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.assistant_player", str(job.write(folder / "job"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["tensorflow"] is (job.fast == "none")
    return read_turns(Path(job.out))


def test_events_replies_and_calls_are_those_of_stock_rasa(model: str, tmp_path: Path) -> None:
    actions = RecordedActions(answer)
    with serving(actions.answer) as webhook:
        job = Job(model, "none", webhook, talks(), str(tmp_path / "turns"))
        stock = play(job, tmp_path)
        actions.replay()
        job.fast = "all"
        ours = play(job, tmp_path)
    assert [*differences(stock, ours), *actions.strange] == []
    assert len(ours) == TALKS * MESSAGES
    names = {event["name"] for turn in ours for event in turn.events if event["event"] == "action"}
    assert {"utter_greet", "number_form", "action_order", "action_fail", "utter_found"} <= names


@pytest.mark.parametrize("part", ["replies", "events"])
def test_a_difference_is_found_and_shown(part: str) -> None:
    one = Turn("c1", 0, "hello", [{"text": "a"}], [{"event": "user"}])
    other = Turn(**(one.__dict__ | {part: [{"text": "b"}]}))
    assert list(differences([one], [one])) == []
    assert "message 0: 'hello'" in next(differences([one], [other]))
    assert next(differences([one], [])) == "1 turns, and 0"


def test_another_call_than_the_recorded_one_is_found() -> None:
    actions = RecordedActions(lambda body: (200, body))
    calls = [json.dumps({"sender_id": "c1", "next_action": name, "timestamp": 1}).encode() for name in ("a", "b")]
    assert actions.answer(calls[0]) == (200, calls[0])
    actions.replay()
    assert actions.answer(calls[0].replace(b"1", b"2").replace(b"c2", b"c1")) == (200, calls[0])
    assert actions.strange == []
    assert actions.answer(calls[1])[0] == 500
    assert actions.strange[0].startswith("conversation c1: call 1, of b, is another one")
