"""One assistant process alone, beside stock Rasa with the same model: speed, memory, start, training.

    uv run python -m benchmarks.assistant [--quick]

Both keep their conversations in memory, call the same action server, which answers at once, and get the same messages
from the same load generator in alternating rounds. Stock is `rasa run` and `rasa train` with the same pipeline.
`--quick` is a tenth of the messages, without stock's training.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.messages import ACTION_SENTENCE, SENTENCES, Load, merged
from benchmarks.product import ROOT, answers, free_port
from benchmarks.recorded_turns import serving
from bot.processes import ASSISTANT_PYTHON

TOKEN = "benchmark"
ANSWER = json.dumps({"events": [], "responses": [{"text": "It is on its way."}]}).encode()
CONVERSATIONS = {1: 300, 8: 60, 32: 20}
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
NOT_DIALOGUE = {"demo", "knowledge"}


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Attributes:
        name: As it stands in the table.
        module: What Python runs: Rasa, or Rasa through our launcher.
        channel: The only entry of its credentials.
        path: Where a message is sent.
        body: Makes a request's body of a sender and a message.
    """

    name: str
    module: str
    channel: str
    path: str
    body: Callable[[str, str], dict[str, Any]]


def _turn(sender: str, text: str) -> dict[str, Any]:
    return {"conversation_id": sender, "message_id": uuid.uuid4().hex, "text": text, "language": "en"}


OURS = Side("Rapport", "bot.assistant", "bot.assistant.channel.GatewayChannel", "gateway/turn", _turn)
STOCK = Side("stock Rasa", "rasa", "rest", "rest/webhook", lambda sender, text: {"sender": sender, "message": text})


def train(side: Side, folder: Path) -> tuple[Path, float]:
    """Train from scratch; gives the model and the seconds."""
    data = [str(path) for path in sorted((ROOT / "data").iterdir()) if path.is_dir() and path.name not in NOT_DIALOGUE]
    command = [str(ASSISTANT_PYTHON), "-m", side.module, "train", "--force", "--config", "config.yml", "--data", *data]
    made = side.module.replace(".", "-")  # Rasa takes what follows a dot for the name's ending
    out = ["--domain", "bot/assistant/domain", "--out", str(folder), "--fixed-model-name", made]
    environment = {**os.environ, **QUIET, "RASA_CACHE_DIRECTORY": str(folder / side.module)}
    started = time.perf_counter()
    subprocess.run([*command, *out], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder / f"{made}.tar.gz", time.perf_counter() - started


@dataclass
class Running:
    """A side's process."""

    side: Side
    address: str
    ready_s: float
    process: psutil.Process

    @property
    def resident_mb(self) -> float:
        """Its resident memory."""
        return float(self.process.memory_info().rss / 2**20)


@contextmanager
def running(side: Side, model: Path, actions_url: str, folder: Path, tracker: str = "") -> Iterator[Running]:
    """Serve the model from the start of the process to its end.

    Args:
        side: Who serves it.
        model: The trained assistant.
        actions_url: The action server's webhook.
        folder: For its files.
        tracker: The endpoints' entry of the tracker store; in memory without one.
    """
    port = free_port()
    endpoints, credentials = folder / f"{side.module}-endpoints.yml", folder / f"{side.module}-credentials.yml"
    endpoints.write_text(f"action_endpoint:\n  url: {actions_url}\n{tracker}")
    credentials.write_text(f"{side.channel}:\n")
    environment = {**os.environ, **QUIET, "RAPPORT_ASSISTANT_TOKEN": TOKEN, "RAPPORT_ACTIONS_URL": actions_url}
    environment["RAPPORT_HOME"] = str(folder)
    started = time.perf_counter()
    process = psutil.Popen(
        [
            *(str(ASSISTANT_PYTHON), "-m", side.module, "run", "--model", str(model), "-i", "127.0.0.1"),
            *("-p", str(port), "--endpoints", str(endpoints), "--credentials", str(credentials)),
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        health = f"http://127.0.0.1:{port}/webhooks/{side.path.split('/')[0]}/"
        while process.poll() is None and not answers(health):
            time.sleep(0.05)
        yield Running(side, f"http://127.0.0.1:{port}/webhooks/{side.path}", time.perf_counter() - started, process)
    finally:
        process.terminate()
        process.wait(30)


async def load(server: Running, conversations: int, messages_each: int, sentences: tuple[str, ...]) -> Load:
    """Let some conversations write at once, each one message at a time; a talk of ten messages, then another."""
    latencies: list[float] = []
    wrong = 0
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async with httpx.AsyncClient(timeout=60, headers=headers) as client:

        async def converse() -> None:
            nonlocal wrong
            sender = ""
            for number in range(messages_each):
                sender = sender if number % 10 and len(sentences) > 1 else uuid.uuid4().hex
                body = server.side.body(sender, sentences[number % len(sentences)])
                started = time.perf_counter()
                answer = await client.post(server.address, json=body)
                latencies.append((time.perf_counter() - started) * 1000)
                wrong += answer.status_code != httpx.codes.OK or not answer.json()

        started = time.perf_counter()
        await asyncio.gather(*(converse() for _ in range(conversations)))
        seconds = time.perf_counter() - started
    return Load(latencies, seconds, wrong)


def measure(servers: list[Running], quick: bool) -> dict[tuple[str, str], Load]:
    """Send the same messages to both, in alternating rounds."""
    kinds = {f"utterance, {count} at once": (count, each, SENTENCES) for count, each in CONVERSATIONS.items()}
    kinds["custom action"] = (1, 200, (ACTION_SENTENCE,))
    found: dict[tuple[str, str], list[Load]] = {}
    for server in servers:
        asyncio.run(load(server, 2, 10, (*SENTENCES, ACTION_SENTENCE)))  # warm
    for kind, (count, each, sentences) in kinds.items():
        for _ in range(1 if quick else 3):
            for server in servers:
                done = asyncio.run(load(server, count, max(10, each // 10) if quick else each, sentences))
                found.setdefault((kind, server.side.name), []).append(done)
    return {key: merged(rounds) for key, rounds in found.items()}


def show(results: dict[tuple[str, str], Load]) -> None:
    """Print the table."""
    print(f"{'':24}{'':12}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'messages/s':>12}{'unanswered':>12}")
    for (kind, side), result in results.items():
        figures = "".join(f"{result.percentile(share):9.1f}" for share in (50, 95, 99))
        print(f"{kind:24}{side:12}{figures}{result.messages_per_s:12.1f}{result.wrong:12}")


def figures(
    results: dict[tuple[str, str], Load], servers: list[Running], trained: dict[str, float]
) -> dict[str, float]:
    """Give the figures of both, stock's with `stock_` before them."""
    found: dict[str, float] = {}
    for server in servers:
        mark, name = ("" if server.side is OURS else "stock_"), server.side.name
        for count in CONVERSATIONS:
            found[f"{mark}messages_per_s_{count}"] = results[f"utterance, {count} at once", name].messages_per_s
        found |= {
            f"{mark}messages_per_s": statistics.median(
                found[f"{mark}messages_per_s_{count}"] for count in CONVERSATIONS
            ),
            f"{mark}p50_ms": results["utterance, 1 at once", name].percentile(50),
            f"{mark}p99_ms": results["utterance, 1 at once", name].percentile(99),
            f"{mark}action_turn_p50_ms": results["custom action", name].percentile(50),
            f"{mark}resident_mb": server.resident_mb,
            f"{mark}ready_s": server.ready_s,
        }
        if name in trained:
            found[f"{mark}trained_s"] = trained[name]
    return found


def main() -> None:
    """Train, start, measure, print the tables and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--model", type=Path, help="a trained assistant: nothing is trained")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(lambda _: (200, ANSWER)) as webhook:
        folder, trained, model = Path(name), {}, arguments.model
        for side in () if model else (OURS,) if arguments.quick else (STOCK, OURS):
            model, trained[side.name] = train(side, folder)
        with running(STOCK, model, webhook, folder) as stock, running(OURS, model, webhook, folder) as ours:
            results = measure([ours, stock], arguments.quick)
            found = figures(results, [ours, stock], trained)
    show(results)
    for name in ("resident_mb", "ready_s", "trained_s"):
        print(f"{name:24}{found.get(name, float('nan')):9.1f}   stock {found.get(f'stock_{name}', float('nan')):9.1f}")
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))


if __name__ == "__main__":
    main()
