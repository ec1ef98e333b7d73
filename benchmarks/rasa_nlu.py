"""Train a stock pipeline of Rasa's on a set and let it judge texts; runs inside Rasa's environment.

`bot/assistant/.venv/bin/python benchmarks/rasa_nlu.py QUESTION.json ANSWER.json`. The question holds `train` (texts,
intents), `judge` (texts) and `pipeline`, as in Rasa's `config.yml`; the answer the likeliest intent of each text, its
confidence and the median time of one message through Rasa's own agent.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog


def _nlu(train: dict[str, list[str]]) -> dict[str, Any]:
    pairs = zip(train["texts"], train["intents"], strict=True)
    examples = [{"text": text, "intent": intent, "entities": []} for text, intent in pairs]
    return {"rasa_nlu_data": {"common_examples": examples, "regex_features": [], "entity_synonyms": []}}


def trained(asked: dict[str, Any], folder: Path) -> Agent:
    """Train in a folder as `rasa train nlu` does."""
    (folder / "nlu.json").write_text(json.dumps(_nlu(asked["train"]), ensure_ascii=False), "utf-8")
    configuration = {
        "recipe": "default.v1",
        "assistant_id": "peer",
        "language": asked["language"],
        "pipeline": asked["pipeline"],
    }
    (folder / "config.yml").write_text(yaml.safe_dump(configuration), "utf-8")
    path = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder), fixed_model_name="peer")
    return Agent.load(path)


async def judge(agent: Agent, texts: list[str]) -> dict[str, Any]:
    """Parse each text by itself."""
    answer: dict[str, Any] = {"understood": [], "confidence": []}
    milliseconds = []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds.append((time.perf_counter() - started) * 1_000)
        answer["understood"].append(parsed["intent"]["name"] or "")
        answer["confidence"].append(parsed["intent"]["confidence"])
    return {**answer, "p50_ms": statistics.median(milliseconds)}


def main(question: Path, answer: Path) -> None:
    """Read the question, write the answer; quietly, as a served model is."""
    logging.basicConfig(level=logging.ERROR)
    configure_structlog(logging.ERROR)
    asked = json.loads(question.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        agent = trained(asked, Path(folder))
        seconds = time.perf_counter() - started
        found = asyncio.run(judge(agent, asked["judge"]))
    answer.write_text(json.dumps({"train_seconds": seconds, **found}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
