"""Quoting a passage to the customer, keeping that it was, and asking whether it helped."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Event
from actions.meanings import offer
from actions.rephrasing import worded
from actions.talk import Talk
from crm_core.clock import new_id
from crm_core.errors import ConversationNotFound
from crm_core.records.knowledge import Audience
from crm_core.records.questions import Outcome
from crm_core.records.shop import Passage

ASK = "utter_store_info_ask_helped"
QUESTION = "store_info_question"
A_YES = "confirm_answer"


def quote(talk: Talk, question: str, passage: Passage, *, follows: str | None = None, ask: bool = True) -> list[Event]:
    """Quote a passage and, outside a form and once in a turn, ask whether it helped.

    Args:
        talk: The turn.
        question: What it answers.
        passage: What is quoted.
        follows: The kept question whose answer had not helped, where this is the next best.
        ask: Whether to ask at all.
    """
    words = worded(talk, question, passage)
    said = question if talk.pressed or follows else talk.text
    kept = talk.crm.questions.answered(
        talk.conversation_id,
        said,
        passage,
        message_id=message_id(talk),
        rephrased=words.rephrased,
        follows=follows,
    )
    facts = {"slug": passage.slug, "score": round(passage.score, 3)}
    talk.note(knowledge=facts | words.facts)
    talk.say("utter_store_info_answer", text=words.text, title=passage.title)
    if not (ask and kept) or talk.tracker.active_loop_name or _asked_in_this_turn(talk):
        return []
    talk.say(ASK, question=kept)
    return [SlotSet(QUESTION, kept), *offer(A_YES)]


def missed(talk: Talk, outcome: Outcome) -> None:
    """Keep that what the customer typed was not answered."""
    if not talk.pressed:
        talk.crm.questions.missed(
            talk.conversation_id, talk.text, outcome, message_id=message_id(talk), language=talk.language
        )


def audience_of(talk: Talk) -> Audience:
    """Give whose articles may be quoted: a customer who has shown who they are may read more."""
    try:
        verified = talk.crm.conversations.get(talk.conversation_id).verified
    except ConversationNotFound:
        verified = False
    return Audience.CUSTOMERS if verified else Audience.EVERYONE


def message_id(talk: Talk) -> str:
    """Give the id of the customer's message, also where an action has taken it for something said in full."""
    heard = (event for event in reversed(talk.tracker.events) if event.get("event") == "user")
    return next((str(event["message_id"]) for event in heard if event.get("message_id")), "") or new_id()


def _asked_in_this_turn(talk: Talk) -> bool:
    for event in reversed(talk.tracker.events):
        if event.get("event") == "user" and event.get("message_id"):
            return False
        if event.get("event") == "bot" and ASK in (event.get("metadata") or {}).values():
            return True
    return False
