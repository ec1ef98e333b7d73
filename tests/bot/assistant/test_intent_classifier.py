"""The classifier as Rasa sees it: trained, kept, loaded, and asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.components.intent_classifier import NgramIntentClassifier

EXAMPLES = {
    "greet": ["hello", "hi there", "你好"],
    "ask_order_status": ["where is my order", "track my parcel", "我的订单到哪了"],
    "cancel_order": ["cancel my order", "call it off", "取消订单"],
}
RESOURCE = Resource("classifier")


class FolderStorage:
    """Keeps one component's files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def write_to(self, _resource: Resource) -> Iterator[Path]:
        yield self._folder

    @contextmanager
    def read_from(self, _resource: Resource) -> Iterator[Path]:
        if not any(self._folder.iterdir()):
            raise ValueError("nothing was kept")
        yield self._folder


def data(examples: dict[str, list[str]]) -> TrainingData:
    return TrainingData([Message({TEXT: text, INTENT: name}) for name, texts in examples.items() for text in texts])


def settings(**others: Any) -> dict[str, Any]:
    return {**NgramIntentClassifier.get_default_config(), "embeddings": False, **others}


def trained(folder: Path, **others: Any) -> NgramIntentClassifier:
    storage = FolderStorage(folder)
    NgramIntentClassifier.create(settings(**others), storage, RESOURCE, None).train(data(EXAMPLES))
    return NgramIntentClassifier.load(settings(**others), storage, RESOURCE, None)


def parsed(classifier: NgramIntentClassifier, text: str) -> Message:
    return classifier.process([Message({TEXT: text})])[0]


def test_a_message_gets_its_intent_the_next_ones_and_whether_it_is_ours(tmp_path: Path) -> None:
    message = parsed(trained(tmp_path, ranking_length=2), "has my order been sent, where is it")
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "ask_order_status"
    assert len(ranking) == 2
    assert 0 <= ranking[0]["confidence"] <= message.get("ours") <= 1
    assert {"intent", "intent_ranking", "ours"} <= message.as_dict(only_output_properties=True).keys()


def test_what_is_not_ours_has_little_confidence(tmp_path: Path) -> None:
    assert parsed(trained(tmp_path), "zeppelins quarrel").get("intent")["confidence"] < 0.3


def test_several_requests_are_told_where_they_are_wanted(tmp_path: Path) -> None:
    assert parsed(trained(tmp_path), "hello").get("requests") is None
    assert parsed(trained(tmp_path, several=True), "hello").get("requests") == []


@pytest.mark.parametrize(
    ("text", "alone"), [("Glass Teapot", True), ("a glass teapot", True), ("my glass teapot is lost", False)]
)
def test_an_entity_alone_may_mean_an_intent(tmp_path: Path, text: str, alone: bool) -> None:
    start = text.lower().index("glass")
    named = {"entity": "product", "start": start, "end": start + len("glass teapot"), "value": "Glass Teapot"}
    classifier = trained(tmp_path, alone={"product": "cancel_order"})
    message = classifier.process([Message({TEXT: text, ENTITIES: [named]})])[0]
    assert (message.get("intent") == {"name": "cancel_order", "confidence": 0.9}) == alone
    assert sum(each["confidence"] for each in message.get("intent_ranking")) <= 1.0 + 1e-6


def test_files_of_what_is_out_of_scope_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "kept").mkdir()
    lines = ["sing a song", "write a poem", "who won", "bake bread", "fly to rome", "fix my car", "draw it", "dance"]
    (tmp_path / "data" / "out_of_scope_en.txt").write_text("\n".join([*lines, ""]))
    doubted = parsed(trained(tmp_path / "kept", out_of_scope_files="data/**/out_of_scope*.txt"), "write a song")
    (tmp_path / "without").mkdir()
    assert doubted.get("ours") < parsed(trained(tmp_path / "without"), "write a song").get("ours")


def test_without_a_training_nothing_is_understood(tmp_path: Path) -> None:
    message = parsed(NgramIntentClassifier.load(settings(), FolderStorage(tmp_path), RESOURCE, None), "hello")
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []


def test_one_intent_is_too_few_to_train(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    storage = FolderStorage(tmp_path)
    NgramIntentClassifier.create(settings(), storage, RESOURCE, None).train(data({"greet": ["hello"]}))
    assert "too few intents" in caplog.text
    assert list(tmp_path.iterdir()) == []
