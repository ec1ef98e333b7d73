"""Bare stock Rasa on our training data: its default DIET + TED pipeline behind its own REST channel."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.product import ROOT, free_port

PYTHON = ROOT / "bot" / "assistant" / ".venv" / "bin" / "python"
CACHE = ROOT / ".cache" / "stock_rasa"

# What `rasa init` of 3.6 writes as the default, with the epochs spelled out. A model's speed does not depend on how
# long it was trained, so the epochs may be lowered; its accuracy must then not be quoted.
CONFIGURATION = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: {epochs}
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: {epochs}
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_WORKERS": "1"}


def train(epochs: int) -> Path:
    """Train stock Rasa once for these data and epochs, and give the model.

    Args:
        epochs: For DIET, ResponseSelector, TED and UnexpecTED alike.
    """
    digest = hashlib.sha256(CONFIGURATION.encode())
    for path in sorted([*(ROOT / "data").rglob("*.yml"), *(ROOT / "bot" / "assistant" / "domain").glob("*.yml")]):
        digest.update(path.read_bytes())
    folder = CACHE / f"{digest.hexdigest()[:16]}-{epochs}"
    model = folder / "stock.tar.gz"
    if not model.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.yml").write_text(CONFIGURATION.format(epochs=epochs))
        print(f"training stock Rasa (DIET + TED, {epochs} epochs) into {folder} …", flush=True)
        started = time.perf_counter()
        with (folder / "train.log").open("w") as log:
            subprocess.run(
                [
                    *(str(PYTHON), "-m", "rasa", "train", "--config", str(folder / "config.yml")),
                    *("--domain", "bot/assistant/domain", "--data", "data"),
                    *("--out", str(folder), "--fixed-model-name", "stock"),
                ],
                cwd=ROOT,
                env=ENVIRONMENT,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=True,
            )
        print(f"trained in {time.perf_counter() - started:.0f} s", flush=True)
    return model


@contextmanager
def running(model: Path, actions_url: str) -> Iterator[str]:
    """Serve the model over Rasa's own REST channel and give the webhook's address."""
    port = free_port()
    folder = model.parent
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: {actions_url}\n")
    (folder / "credentials.yml").write_text("rest:\n")
    with (folder / "run.log").open("w") as log:
        process = subprocess.Popen(
            [
                *(str(PYTHON), "-m", "rasa", "run", "--model", str(model), "-i", "127.0.0.1", "-p", str(port)),
                *("--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")),
            ],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, folder / "run.log")
            yield f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.perf_counter() + 180
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"stock Rasa ended: {log.read_text()[-2000:]}")
        try:
            if httpx.get(f"http://127.0.0.1:{port}/webhooks/rest/", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise RuntimeError("stock Rasa did not start within 180 s")
