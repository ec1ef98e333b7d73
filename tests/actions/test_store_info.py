"""Questions about the shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.store_info import ActionStoreInfoAnswer
from actions.store_info_chosen import ActionStoreInfoChosen
from crm_core.crm import Crm
from crm_core.records.knowledge import Audience
from crm_core.records.shop import Passage

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


class Knowing:
    """Knows the answer to some questions, and another one."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def answer(
        self,
        question: str,
        language: str,
        *,
        prefer: str | None = None,
        audience: Audience = Audience.EVERYONE,
    ) -> Passage | None:
        self.asked_for = audience
        if question not in self.known:
            return None
        return Passage("warranty", "Warranty", "Two years.", language, "warranty", 0.9)

    def likely(self, question: str, language: str, *, audience: Audience = Audience.EVERYONE) -> list[Passage]:
        passages = [
            Passage("warranty", "Warranty", "Two years.", language, "warranty", 0.3),
            Passage("repairs", "Repairs", "We mend it.", language, "warranty", 0.2),
        ]
        return passages if question in self.known else passages[:1] if "perhaps" in question else []

    def passage(
        self, slug: str, question: str, language: str, *, audience: Audience = Audience.EVERYONE
    ) -> Passage | None:
        self.chosen = (slug, question)
        return Passage(slug, "Warranty", "Two years.", language, "warranty", 0.3) if slug == "warranty" else None


def action(crm: Crm, *known: str) -> ActionStoreInfoAnswer:
    crm.knowledge = Knowing(*known)  # type: ignore[assignment]
    return ActionStoreInfoAnswer(crm)


@pytest.fixture
def talk(crm: Crm) -> str:
    """A conversation that is there."""
    return crm.conversations.open("web", "visitor-1").id


def test_the_passage_and_its_article_are_quoted(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(action(crm, "how long is the warranty?"), tracker("how long is the warranty?", intent="ask_warranty"))
    said = dispatcher.values("utter_store_info_answer")
    assert (said["text"], said["title"]) == ("Two years.", "Warranty")
    assert dispatcher.custom("trace")["knowledge"]["slug"] == "warranty"


def test_a_button_stands_for_the_usual_question(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    usual = "How long is the warranty and what does it cover?"
    perform(action(crm, usual), tracker("/ask_warranty", intent="ask_warranty"))
    assert dispatcher.responses == ["utter_store_info_answer"]


def test_what_is_not_known_is_said_not_to_be_known(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    asked = tracker("do you repair teapots in Rome?", intent="ask_warranty", conversation_id=talk)
    perform(action(crm), asked)
    assert dispatcher.responses == ["utter_store_info_unknown"]
    crm.question_topics.refresh()
    (topic,) = crm.question_topics.topics()
    assert [sample.text for sample in topic.samples] == ["do you repair teapots in Rome?"]


def test_where_some_article_may_be_meant_the_customer_is_asked_which(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    asked = tracker("perhaps a teapot?", intent="ask_store_info", conversation_id=talk)
    perform(action(crm), asked)
    assert dispatcher.responses == ["utter_store_info_choose"]
    assert dispatcher.buttons == [{"title": "Warranty", "payload": '/choose_article{"article": "warranty"}'}]


def test_the_article_that_is_chosen_answers_what_was_asked(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    knowing = Knowing()
    crm.knowledge = knowing  # type: ignore[assignment]
    pressed = tracker(
        "/choose_article", intent="choose_article", entities={"article": "warranty"}, conversation_id=talk
    )
    pressed.events.insert(0, {"event": "user", "text": "perhaps a teapot?"})
    perform(ActionStoreInfoChosen(crm), pressed)
    assert knowing.chosen == ("warranty", "perhaps a teapot?")
    assert dispatcher.responses == ["utter_store_info_answer", "utter_store_info_ask_helped"]


def test_an_article_that_is_gone_meanwhile_is_said_to_be(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    crm.knowledge = Knowing()  # type: ignore[assignment]
    for entities in ({"article": "gone"}, {}):
        pressed = tracker("/choose_article", intent="choose_article", entities=entities, conversation_id=talk)
        perform(ActionStoreInfoChosen(crm), pressed)
    assert dispatcher.responses == ["utter_store_info_gone"] * 2


def test_after_an_answer_the_customer_is_asked_whether_it_helped(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    asked = tracker("how long is the warranty?", intent="ask_warranty", conversation_id=talk)
    slots = perform(action(crm, "how long is the warranty?"), asked)
    assert dispatcher.responses == ["utter_store_info_answer", "utter_store_info_ask_helped"]
    assert slots["shared_offer"] == "confirm_answer"
    assert slots["store_info_question"] == dispatcher.values("utter_store_info_ask_helped")["question"]


def test_inside_a_form_nobody_is_asked(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str) -> None:
    asked = tracker("warranty?", intent="ask_warranty", conversation_id=talk, loop="order_return_form")
    assert perform(action(crm, "warranty?"), asked) == {}
    assert dispatcher.responses == ["utter_store_info_answer"]


def test_two_answers_in_one_turn_are_asked_about_once(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str
) -> None:
    asked = tracker("warranty?", intent="ask_warranty", conversation_id=talk)
    asked.events.append({"event": "bot", "metadata": {"utter_action": "utter_store_info_ask_helped"}})
    perform(action(crm, "warranty?"), asked)
    assert dispatcher.responses == ["utter_store_info_answer"]


@pytest.mark.parametrize(("signed_in", "audience"), [(False, Audience.EVERYONE), (True, Audience.CUSTOMERS)])
def test_who_has_signed_in_may_read_more(
    crm: Crm, tracker: Make, perform: Perform, talk: str, signed_in: bool, audience: Audience
) -> None:
    if signed_in:
        crm.conversations.identify(talk, crm.customers.create(source="test", email="anna@example.com"))
    subject = action(crm, "warranty?")
    perform(subject, tracker("warranty?", intent="ask_warranty", conversation_id=talk))
    assert crm.knowledge.asked_for is audience  # type: ignore[attr-defined]
