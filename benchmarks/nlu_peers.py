"""Other people's intent classifiers, each trained and asked in a process of its own; what they said is kept.

A peer's training never changes, so its answers (and how long they took then) are kept under `.cache/nlu_peers` by a
hash of everything that goes in.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.processes import ASSISTANT_PYTHON, ROOT

CACHE = ROOT / ".cache" / "nlu_peers"
_NLP_JS = ROOT / "benchmarks" / "nlp_js"
_RASA = ROOT / "benchmarks" / "rasa_nlu.py"
_JIEBA = CACHE / "jieba"
_FEATURES = [
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}


class PeerMissing(Exception):
    """The peer cannot be had on this machine; the message says why."""


@dataclass(frozen=True)
class Peer:
    """A classifier to be compared with.

    Attributes:
        name: As in the table.
        command: What trains and asks it; two files are added: the question and the answer.
        prepare: Sees to it that it is installed.
        options: What its question has beside the texts, by language.
        made_of: Files and versions that its answers depend on.
    """

    name: str
    command: Sequence[str]
    prepare: Callable[[], None]
    options: Callable[[str], dict[str, Any]]
    made_of: Sequence[Path | str] = field(default=())

    def answer(
        self, language: str, texts: Sequence[str], intents: Sequence[str], judge: Sequence[str]
    ) -> dict[str, Any]:
        """Give what the peer makes of texts after learning from others.

        Returns:
            `understood`, `confidence` (of each text), `p50_ms`, `train_seconds`.

        Raises:
            PeerMissing: It cannot be installed, or broke off.
        """
        self.prepare()
        train = {"texts": list(texts), "intents": list(intents)}
        asked = {"language": language, "train": train, "judge": list(judge), **self.options(language)}
        question = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        kept = CACHE / self.name / f"{self._digest(question)}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            self._run(question, kept)
        return dict(json.loads(kept.read_text("utf-8")))

    def _digest(self, question: str) -> str:
        digest = hashlib.sha256(question.encode())
        for part in self.made_of:
            digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        return digest.hexdigest()[:20]

    def _run(self, question: str, kept: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            asked, answer, log = (Path(folder) / name for name in ("question.json", "answer.json", "log.txt"))
            asked.write_text(question, "utf-8")
            with log.open("w") as out:
                code = subprocess.run(
                    [*self.command, str(asked), str(answer)],
                    cwd=ROOT,
                    env={**os.environ, **_QUIET, "PYTHONPATH": str(_JIEBA)},
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    check=False,
                ).returncode
            if code or not answer.exists():
                raise PeerMissing(f"{self.name} broke off with {code}: {log.read_text('utf-8', 'replace')[-600:]}")
            shutil.move(answer, kept)


def peers(*, diet: bool = False) -> list[Peer]:
    """Give the peers: stock Rasa with logistic regression, nlp.js as it comes and tuned, and DIET if wanted."""
    found = [
        _rasa("rasa_lr", {"name": "LogisticRegressionClassifier"}),
        _nlp_js("nlp_js", {}),
        _nlp_js("nlp_js_tuned", {"learningRate": 0.1, "iterations": 60}),
    ]
    if diet:
        found.append(_rasa("rasa_diet", {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True}))
    return found


def _rasa(name: str, classifier: dict[str, Any]) -> Peer:
    def options(language: str) -> dict[str, Any]:
        tokenizer = "JiebaTokenizer" if language == "zh" and _jieba() else "WhitespaceTokenizer"
        return {"pipeline": [{"name": tokenizer}, *_FEATURES, classifier]}

    return Peer(name, (str(ASSISTANT_PYTHON), str(_RASA)), _need_rasa, options, (_RASA, "rasa 3.6.21"))


def _need_rasa() -> None:
    if not ASSISTANT_PYTHON.exists():
        raise PeerMissing("Rasa's environment is not installed (make install)")


def _jieba() -> bool:
    """Put Rasa's usual tokenizer for Chinese, which the product does without, into a folder for the peer alone."""
    if not _JIEBA.exists():
        installer = [str(ROOT / ".uv" / "bin" / "uv"), "pip", "install", "--quiet", "--target", str(_JIEBA)]
        subprocess.run([*installer, "jieba==0.42.1"], check=False, stderr=subprocess.DEVNULL)
    return (_JIEBA / "jieba").exists()


def _nlp_js(name: str, settings: dict[str, Any]) -> Peer:
    made_of = (_NLP_JS / "run.js", _NLP_JS / "package-lock.json")
    return Peer(name, ("node", str(_NLP_JS / "run.js")), _need_nlp_js, lambda _: {"settings": settings}, made_of)


def _need_nlp_js() -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise PeerMissing("Node and npm are not installed")
    if (_NLP_JS / "node_modules" / "@nlpjs").exists():
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=_NLP_JS, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerMissing(f"npm could not install nlp.js: {done.stderr[-300:]}")
