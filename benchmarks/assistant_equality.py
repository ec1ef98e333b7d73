"""Whether our quicker parts leave the same events and replies as stock Rasa, turn by turn.

    uv run python -m benchmarks.assistant_equality [--quick]

The messages of `tests/conversations` and examples of the training data, drawn with a fixed seed, in both languages.
They are first played with Rasa's own parts against the real action server, which is recorded; then with each lever,
and with all of them, against the record. A call to an action that is not the recorded one is a difference too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from benchmarks.product import ROOT, answers, free_port
from benchmarks.recorded_turns import Job, RecordedActions, Said, Talk, Turn, differences, read_turns, serving
from bot import processes
from bot.assistant.levers.switches import Lever
from bot.cli import assistant_training
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.conversations import script
from tests.conversations.people import Cast, Person

SEED = 20261122
CHANNEL = "equality"
PER_TALK = 10
SHOWN = 5


def scripted(crm: Crm) -> Iterator[Talk]:
    """Give the conversations of the tests with what is known of their customers filled in."""
    cast = Cast(crm)
    for each in script.read_all():
        person = cast.find(each.who, each.language)
        messages = [Said(person.fill(step.user or step.press or ""), step.user is None) for step in each.steps]
        yield Talk(opened(crm, each.language, person), each.language, messages)


def drawn(crm: Crm, talks_each: int) -> Iterator[Talk]:
    """Give conversations of training examples, any after any: forms are opened and left in many ways."""
    chance = random.Random(SEED)
    for language in ("en", "zh"):
        texts = [text for path in sorted((ROOT / "data").glob(f"*/nlu_{language}.yml")) for text in examples(path)]
        for _ in range(talks_each):
            messages = [Said(text) for text in chance.sample(texts, PER_TALK)]
            yield Talk(opened(crm, language, Person()), language, messages)


def examples(path: Path) -> Iterator[str]:
    """Give the examples of a file without the marks of their entities."""
    for item in yaml.safe_load(path.read_text("utf-8")).get("nlu") or []:
        for line in str(item.get("examples") if "intent" in item else "").splitlines():
            yield re.sub(r"\[([^]]+)\](\([^)]*\)|\{[^}]*\})", r"\1", line.removeprefix("- ").strip())


def opened(crm: Crm, language: str, person: Person) -> str:
    """Open a conversation, as the gateway does before the first message."""
    conversation = crm.conversations.open(CHANNEL, os.urandom(8).hex(), language=language)
    if person.signed_in:
        crm.conversations.identify(conversation.id, person.customer_id)
    return conversation.id


@contextmanager
def action_server(settings: Settings, home: Path) -> Iterator[str]:
    """Run the real action server; gives its webhook."""
    part = next(part for part in processes.parts(settings, Path()) if part.name == "actions")
    environment = {**os.environ, **processes._exported(settings), **part.environment}
    with (home / "actions.log").open("w") as log:
        running = subprocess.Popen(part.command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{settings.actions_port}"
            while not answers(f"{address}/health"):
                time.sleep(0.2)
            yield f"{address}/webhook"
        finally:
            running.terminate()
            running.wait(60)


def play(job: Job, folder: Path) -> tuple[list[Turn], bool]:
    """Play in Rasa's environment; gives the turns, and whether TensorFlow was loaded."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "OMP_NUM_THREADS": "1"}
    command = [str(processes.ASSISTANT_PYTHON), "-W", "ignore", "-m", "benchmarks.assistant_player"]
    done = subprocess.run(
        [*command, str(job.write(folder / "job.json"))],
        cwd=ROOT,
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return read_turns(Path(job.out)), json.loads(done.stdout.splitlines()[-1])["tensorflow"]


def prove(talks: list[Talk], model: Path, webhook: str, folder: Path) -> dict[str, int]:
    """Play with Rasa's own parts, then with ours; print what differs, and give how many turns do."""

    def ask(body: bytes) -> tuple[int, bytes]:
        answer = httpx.post(webhook, content=body, headers={"Content-Type": "application/json"}, timeout=60)
        return answer.status_code, answer.content

    actions = RecordedActions(ask)
    found: dict[str, int] = {}
    with serving(actions.answer) as address:
        job = Job(str(model), "none", address, talks, str(folder / "turns.jsonl"))
        stock, tensorflow = play(job, folder)
        print(f"{'':16}{'turns':>8}{'events':>8}{'replies':>8}{'TensorFlow':>12}{'different':>11}")
        show("stock Rasa", stock, tensorflow, 0)
        for fast in ["all", *Lever]:
            actions.replay()
            job.fast = str(fast)
            ours, tensorflow = play(job, folder)
            different = [*differences(stock, ours), *actions.strange]
            found[f"different_{job.fast}"] = len(different)
            show(job.fast, ours, tensorflow, len(different))
            print("".join(f"\n{text}\n" for text in different[:SHOWN]), end="", flush=True)
    return found | {"turns": len(stock), "events": sum(len(turn.events) for turn in stock)}


def show(name: str, turns: list[Turn], tensorflow: bool, different: int) -> None:
    """Print one line of the table."""
    events, replies = (sum(len(getattr(turn, part)) for turn in turns) for part in ("events", "replies"))
    loaded = "loaded" if tensorflow else "kept out"
    print(f"{name:16}{len(turns):8}{events:8}{replies:8}{loaded:>12}{different:11}", flush=True)


def main() -> None:
    """Prove it; exit 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="about 150 turns")
    parser.add_argument(
        "--model", type=Path, help="a trained assistant; without it the present one, trained if need be"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        settings = Settings.load(home=home, models=ROOT / "models", data=ROOT / "data", actions_port=free_port())
        model = arguments.model or assistant_training.train(settings)
        crm = Crm(settings)
        try:
            crm.migrate()
            crm.intake.load_demo()
            talks = [*scripted(crm), *drawn(crm, 40)]
        finally:
            crm.close()
        talks = talks[:: len(talks) // 30] if arguments.quick else talks
        with action_server(settings, home) as webhook:
            found = prove(talks, model, webhook, home)
    print(json.dumps(found))
    sys.exit(any(count for name, count in found.items() if name.startswith("different_")))


if __name__ == "__main__":
    main()
