"""What the customer says to "Did this help?"."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.meanings import offer
from actions.quoting import QUESTION, audience_of, quote
from actions.talk import Talk
from crm_core.use_cases.questions import Judged

_TRIES = 2  # passages quoted to one question before a person is offered


class ActionStoreInfoHelped(CrmAction):
    """Keep that the answer helped."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_store_info_helped"

    def act(self, talk: Talk) -> list[Event]:
        """Keep it and be glad."""
        judge(talk, helped=True)
        talk.say("utter_store_info_glad")
        return [SlotSet(QUESTION, None)]


class ActionStoreInfoNotHelped(CrmAction):
    """Keep that the answer did not help, and try the next best, then a person."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_store_info_not_helped"

    def act(self, talk: Talk) -> list[Event]:
        """Quote the next best passage, or offer a person."""
        judged = judge(talk, helped=False)
        events = self._next_best(talk, judged) if judged and len(judged.quoted) < _TRIES else []
        if events:
            return events
        talk.say("utter_store_info_not_helped")
        return [SlotSet(QUESTION, None), *offer("request_person")]

    def _next_best(self, talk: Talk, judged: Judged) -> list[Event]:
        question = judged.question
        likely = talk.crm.knowledge.likely(question.text, talk.language, audience=audience_of(talk))
        passage = next((each for each in likely if each.slug not in judged.quoted), None)
        if passage is None:
            return []
        talk.say("utter_store_info_next_best")
        return [SlotSet(QUESTION, None), *quote(talk, question.text, passage, follows=question.id)]


def judge(talk: Talk, *, helped: bool) -> Judged | None:
    """Keep the verdict on the answer whose button was pressed, or on the last one."""
    asked = next(iter(talk.entities("answer_id")), None) or talk.slot(QUESTION)
    return talk.crm.questions.judge(asked, talk.conversation_id, helped=helped) if asked else None
