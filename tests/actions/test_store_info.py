"""Questions about the shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Tracker

from actions.store_info import ActionStoreInfoAnswer
from crm_core.crm import Crm
from crm_core.records.shop import Passage

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


class Knowing:
    """Knows the answer to some questions."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def answer(self, question: str, language: str, *, prefer: str | None = None) -> Passage | None:
        if question not in self.known:
            return None
        return Passage("warranty", "Warranty", "Two years.", language, "warranty", 0.9)


def action(crm: Crm, *known: str) -> ActionStoreInfoAnswer:
    crm.knowledge = Knowing(*known)  # type: ignore[assignment]
    return ActionStoreInfoAnswer(crm)


def test_the_passage_and_its_article_are_quoted(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(action(crm, "how long is the warranty?"), tracker("how long is the warranty?", intent="ask_warranty"))
    said = dispatcher.values("utter_store_info_answer")
    assert (said["text"], said["title"]) == ("Two years.", "Warranty")
    assert dispatcher.custom("trace")["knowledge"]["slug"] == "warranty"


def test_a_button_stands_for_the_usual_question(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    usual = "How long is the warranty and what does it cover?"
    perform(action(crm, usual), tracker("/ask_warranty", intent="ask_warranty"))
    assert dispatcher.responses == ["utter_store_info_answer"]


def test_what_is_not_known_is_said_not_to_be_known(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(action(crm), tracker("do you repair teapots in Rome?", intent="ask_warranty"))
    assert dispatcher.responses == ["utter_store_info_unknown"]
