"""Plays recorded messages inside Rasa's environment and writes what each turn left behind.

    bot/assistant/.venv/bin/python -m benchmarks.assistant_player JOB.json

With no lever the parts are Rasa's own throughout: tracker store, endpoint, runner, checks, and TensorFlow loaded.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.recorded_turns import Job, Said, Talk, Turn, without_times, write_turns
from bot.assistant.__main__ import named_by
from bot.assistant.levers import kept_out, switches
from bot.assistant.levers.switches import Lever

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.assistant.turns import Turns


def main() -> None:
    """Do the job and say on the last line how it was done."""
    job = Job.read(Path(sys.argv[1]))
    levers = switches.chosen({switches.VARIABLE: job.fast})
    kept_out.keep_out(levers, named_by(["run", "--model", job.model]) or set())
    import rasa.engine.recipes.default_components  # noqa: F401 - what `rasa run` loads
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        turns = asyncio.run(play(job, levers, Path(folder)))
    write_turns(Path(job.out), turns)
    print(json.dumps({"turns": len(turns), "tensorflow": "tensorflow" in sys.modules}))


async def play(job: Job, levers: frozenset[Lever], folder: Path) -> list[Turn]:
    """Play all conversations."""
    from bot.assistant.turns import LONG, Turns

    agent = _agent(job, levers, folder)
    served = Turns(job.long or LONG)
    played = [turn for talk in job.talks for turn in await _play_talk(talk, agent, served)]
    close = getattr(agent.processor.action_endpoint, "close", None)
    if close:
        await close()
    return played


def _agent(job: Job, levers: frozenset[Lever], folder: Path) -> Agent:
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.utils.endpoints import EndpointConfig

    from bot.assistant.channel import GatewayChannel
    from bot.assistant.tracker_store import AppendOnlyTrackerStore

    if not levers:
        agent = Agent.load(job.model, tracker_store=InMemoryTrackerStore(Domain.empty()))
        agent.processor.action_endpoint = EndpointConfig(job.actions_url)
        return agent
    store = AppendOnlyTrackerStore(Domain.empty(), url=f"sqlite:///{folder / 'tracker.db'}")
    agent = Agent.load(job.model, tracker_store=store)
    GatewayChannel("", job.actions_url, levers=levers).adopt(agent)
    return agent


async def _play_talk(talk: Talk, agent: Agent, served: Turns) -> list[Turn]:
    from bot.assistant.turns import Heard, TurnFailed

    replies: list[list[Any]] = []
    marks: list[int] = []
    for number, said in enumerate(talk.messages):
        _seed(talk, number)
        payload = _payload(said, replies[-1] if replies else [])
        heard = Heard(talk.id, f"{talk.id}-{number}", said.text, talk.language, payload)
        try:
            replies.append((await served.answer(agent, heard))["replies"])
        except TurnFailed as error:
            replies.append([{"failed": str(error)}])
        marks.append(len(await _events(agent, talk.id)))
    events = await _events(agent, talk.id)
    starts = [0, *marks[:-1]]
    return [
        Turn(talk.id, number, said.text, replies[number], events[starts[number] : marks[number]])
        for number, said in enumerate(talk.messages)
    ]


async def _events(agent: Agent, conversation_id: str) -> list[Any]:
    tracker = await agent.processor.tracker_store.retrieve_full_tracker(conversation_id)
    return [without_times(event.as_dict()) for event in tracker.events] if tracker else []


def _payload(said: Said, replies: list[Any]) -> str | None:
    buttons = [button for reply in replies for button in reply.get("buttons", [])] if said.pressed else []
    return next((button["payload"] for button in buttons if button["title"] == said.text), None)


def _seed(talk: Talk, number: int) -> None:
    """Let Rasa choose the same among several wordings, whatever was chosen before."""
    import numpy as np

    seed = zlib.crc32(f"{talk.id} {number}".encode())
    random.seed(seed)
    np.random.seed(seed)


if __name__ == "__main__":
    main()
