"""How quick the assistant still is late in one long conversation, beside stock Rasa with the same model.

    uv run python -m benchmarks.long_conversation [--quick] [--model assistant.tar.gz]

One customer writes a thousand messages, one after the other, to each side: ours as the product runs it (tracker on
disk, sessions capped), and `rasa run` with its own tracker in memory. Then the turns around the thousandth are measured
in turn with the turns around the tenth of fresh conversations, so that whatever else the machine does weighs on both;
there are enough of them for a whole session of ours, its beginning included. Stock Rasa gets slower and slower: it is
given `STOCK_SECONDS` to come to its thousandth, and `stock_turns` says how far it came; its ratio is that of this turn.
`--quick` is 200 messages and a tenth of stock's time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.assistant import ANSWER, OURS, STOCK, TOKEN, Running, running, train
from benchmarks.messages import ACTION_SENTENCE, SENTENCES
from benchmarks.recorded_turns import serving

TURNS, QUICK_TURNS = 1000, 200
STOCK_SECONDS, QUICK_STOCK_SECONDS = 300.0, 30.0
ROUNDS, FIRST, LAST = 3, 3, 17  # fresh conversations; the turns around the tenth of each
PLACES = (10, 50, 100, 200, 500, 1000)
OUR_TRACKER = "tracker_store:\n  type: bot.assistant.tracker_store.AppendOnlyTrackerStore\n"
MESSAGES = (*SENTENCES, ACTION_SENTENCE)


class Talk:
    """One conversation with a side.

    Args:
        server: The side.
        client: Calls it.
    """

    def __init__(self, server: Running, client: httpx.Client) -> None:
        self._server = server
        self._client = client
        self._sender = uuid.uuid4().hex
        self.turns_ms: list[float] = []

    def say(self) -> float:
        """Write the next message and give the turn's milliseconds.

        Raises:
            RuntimeError: It was not answered.
        """
        body = self._server.side.body(self._sender, MESSAGES[len(self.turns_ms) % len(MESSAGES)])
        started = time.perf_counter()
        answer = self._client.post(self._server.address, json=body)
        self.turns_ms.append((time.perf_counter() - started) * 1000)
        if answer.status_code != httpx.codes.OK or not answer.json():
            number = len(self.turns_ms)
            raise RuntimeError(f"{self._server.side.name}: turn {number} was not answered: {answer.text[:200]}")
        return self.turns_ms[-1]


@dataclass(frozen=True)
class Side:
    """What was measured of a side, in milliseconds."""

    name: str
    turns_ms: list[float]
    early_ms: list[float]
    late_ms: list[float]

    @property
    def ratio(self) -> float:
        """How much longer a late turn takes than a tenth."""
        return statistics.median(self.late_ms) / statistics.median(self.early_ms)

    def at(self, place: int) -> float:
        """Give the median of the turns around a place of the long conversation."""
        return statistics.median(self.turns_ms[max(0, place - 8) : place + 7])

    def figures(self, mark: str) -> dict[str, float]:
        """Give its figures, with a mark before their names."""
        return {
            f"{mark}ratio_1000_to_10": round(self.ratio, 2),
            f"{mark}early_ms": round(statistics.median(self.early_ms), 2),
            f"{mark}late_ms": round(statistics.median(self.late_ms), 2),
            f"{mark}turns": len(self.turns_ms),
        }


def measure(server: Running, turns: int, seconds: float) -> Side:
    """Hold the long conversation, for so many seconds at most, and measure its end beside fresh beginnings."""
    early, late = [], []
    with httpx.Client(timeout=120, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        long = Talk(server, client)
        ends = time.perf_counter() + seconds
        while len(long.turns_ms) < turns - ROUNDS * LAST // 2 and time.perf_counter() < ends:
            long.say()
        for _ in range(ROUNDS):
            fresh = Talk(server, client)
            for number in range(1, LAST + 1):
                now = fresh.say()
                late.append(long.say())
                if number >= FIRST:
                    early.append(now)
    return Side(server.side.name, long.turns_ms, early, late)


def show(sides: list[Side]) -> None:
    """Print the table."""
    print(f"{'median ms at turn':20}" + "".join(f"{place:>9}" for place in PLACES) + f"{'turns':>9}{'ratio':>9}")
    for side in sides:
        cells = (f"{side.at(place):9.1f}" if place <= len(side.turns_ms) else f"{'-':>9}" for place in PLACES)
        print(f"{side.name:20}" + "".join(cells) + f"{len(side.turns_ms):9}{side.ratio:9.2f}")


def main() -> None:
    """Train unless there is a model, start both, talk, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--model", type=Path, help="a trained assistant: nothing is trained")
    arguments = parser.parse_args()
    turns, seconds = (QUICK_TURNS, QUICK_STOCK_SECONDS) if arguments.quick else (TURNS, STOCK_SECONDS)
    with tempfile.TemporaryDirectory() as name, serving(lambda _: (200, ANSWER)) as webhook:
        folder = Path(name)
        model = arguments.model or train(OURS, folder)[0]
        with running(OURS, model, webhook, folder, OUR_TRACKER) as ours:
            our_side = measure(ours, turns, seconds * 10)
        with running(STOCK, model, webhook, folder) as stock:
            stock_side = measure(stock, turns, seconds)
    show([our_side, stock_side])
    print(json.dumps(our_side.figures("") | stock_side.figures("stock_")))


if __name__ == "__main__":
    main()
