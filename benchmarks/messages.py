"""A customer's message, gateway in to reply out with everything on, beside bare stock Rasa in the same run.

    uv run python -m benchmarks.messages [--quick]

Both sides get the same sentences (turns that need no custom action, so that stock Rasa has all it needs) from the same
load generator on the same machine, one after the other in alternating rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import stock_rasa
from benchmarks.product import Product

SENTENCES = (
    "thanks a lot",
    "are you a robot?",
    "which payment methods do you accept?",
    "what can you do?",
    "你是机器人吗",
)
ACTION_SENTENCE = "can you recommend something"


@dataclass(frozen=True)
class Load:
    """What one round measured."""

    latencies_ms: list[float]
    seconds: float
    wrong: int

    @property
    def messages_per_s(self) -> float:
        """Messages answered each second."""
        return len(self.latencies_ms) / self.seconds

    def percentile(self, share: int) -> float:
        """Give a percentile of the latency in ms."""
        return statistics.quantiles(self.latencies_ms, n=100, method="inclusive")[share - 1]


async def load(webhook: str, conversations: int, messages_each: int) -> Load:
    """Let some conversations write at once, each one message at a time."""
    latencies: list[float] = []
    wrong = 0
    limits = httpx.Limits(max_connections=conversations, max_keepalive_connections=conversations)

    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def converse() -> None:
            nonlocal wrong
            sender = str(uuid.uuid4())
            for number in range(messages_each):
                started = time.perf_counter()
                answer = await client.post(
                    webhook, json={"sender": sender, "message": SENTENCES[number % len(SENTENCES)]}
                )
                latencies.append((time.perf_counter() - started) * 1000)
                wrong += answer.status_code != 200 or not answer.json()

        started = time.perf_counter()
        await asyncio.gather(*(converse() for _ in range(conversations)))
        seconds = time.perf_counter() - started
    return Load(latencies, seconds, wrong)


def merged(rounds: list[Load]) -> Load:
    """Put the rounds of one side together."""
    return Load(
        [value for round_ in rounds for value in round_.latencies_ms],
        sum(round_.seconds for round_ in rounds),
        sum(round_.wrong for round_ in rounds),
    )


async def action_turns(product: Product, count: int) -> float:
    """Give the p50 in ms of a custom-action turn inside Rasa, asked over the gateway's own channel."""
    address = f"http://127.0.0.1:{product.assistant_port}/webhooks/gateway/turn"
    headers = {"Authorization": f"Bearer {product.secret('ASSISTANT_TOKEN')}"}
    latencies: list[float] = []
    async with httpx.AsyncClient(timeout=60) as client:
        for _ in range(count):
            sender = str(uuid.uuid4())
            await client.post(f"{product.address}/webhooks/rest/webhook", json={"sender": sender, "message": "thanks"})
            conversation = await asyncio.to_thread(_conversation, product, sender)
            turn = {
                "conversation_id": conversation,
                "message_id": str(uuid.uuid4()),
                "text": ACTION_SENTENCE,
                "language": "en",
            }
            started = time.perf_counter()
            answer = await client.post(address, json=turn, headers=headers)
            latencies.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()
            trace = answer.json()["trace"]
            if not any(name.startswith("action_") for name in trace["actions"]):
                raise RuntimeError(f"no custom action ran: {trace['actions']}")
    return statistics.median(latencies)


def _conversation(product: Product, sender: str) -> str:
    from crm_core.crm import Crm
    from crm_core.settings import Settings

    crm = Crm(Settings.load(home=product.home))
    try:
        conversation = crm.conversations.current("rest", sender)
        if conversation is None:
            raise RuntimeError(f"no conversation of {sender}")
        return conversation.id
    finally:
        crm.close()


async def measure(product: Product, stock: str, quick: bool) -> dict[str, float]:
    """Run both sides in alternating rounds and print the table."""
    ours_hook = f"{product.address}/webhooks/rest/webhook"
    rounds = 1 if quick else 3
    each = {1: 60 if quick else 200, 8: 15 if quick else 40, 32: 8 if quick else 20}
    for hook in (ours_hook, stock):
        await load(hook, 2, 10)  # warm
    results: dict[tuple[str, int], Load] = {}
    for conversations, messages in each.items():
        sides: dict[str, list[Load]] = {"Rapport": [], "stock Rasa": []}
        for _ in range(rounds):
            sides["Rapport"].append(await load(ours_hook, conversations, messages))
            sides["stock Rasa"].append(await load(stock, conversations, messages))
        for side, measured in sides.items():
            results[side, conversations] = merged(measured)
    print(f"{'':12}{'conversations':>14}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'messages/s':>12}{'unanswered':>12}")
    for (side, conversations), result in results.items():
        figures = [result.percentile(share) for share in (50, 95, 99)]
        print(
            f"{side:12}{conversations:14}"
            + "".join(f"{value:10.1f}" for value in figures)
            + f"{result.messages_per_s:12.1f}{result.wrong:12}"
        )
    action_ms = await action_turns(product, 20 if quick else 100)
    print(f"a custom-action turn inside Rasa: p50 {action_ms:.1f} ms")
    ours, theirs = results["Rapport", 1], results["stock Rasa", 1]
    ours_32, theirs_32 = results["Rapport", 32], results["stock Rasa", 32]
    return {
        "p50_ms": ours.percentile(50),
        "p95_ms": ours.percentile(95),
        "p99_ms": ours.percentile(99),
        "messages_per_s_32": ours_32.messages_per_s,
        "stock_p50_ms": theirs.percentile(50),
        "stock_p99_ms": theirs.percentile(99),
        "stock_messages_per_s_32": theirs_32.messages_per_s,
        "latency_ratio": ours.percentile(50) / theirs.percentile(50),
        "throughput_ratio": ours_32.messages_per_s / theirs_32.messages_per_s,
        "action_turn_p50_ms": action_ms,
    }


def main() -> None:
    """Start both sides, measure, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer messages, one round")
    parser.add_argument(
        "--epochs", type=int, default=5, help="of stock Rasa's neural parts (its speed does not change)"
    )
    arguments = parser.parse_args()
    model = stock_rasa.train(arguments.epochs)
    settings = {"messages_per_minute": "1000000", "log_level": "WARNING"}
    with tempfile.TemporaryDirectory() as home, Product(Path(home), settings) as product:
        actions_url = f"http://127.0.0.1:{product.actions_port}/webhook"
        with stock_rasa.running(model, actions_url) as stock:
            figures = asyncio.run(measure(product, stock, arguments.quick))
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
