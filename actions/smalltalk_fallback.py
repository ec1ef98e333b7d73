"""What to say to a message that was not understood: ask again, then offer what can be done, then a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answers import answer_anyway, asks_something
from actions.base import CrmAction, Event
from actions.dialogue import stumble
from actions.meanings import as_if_said, offer
from actions.quoting import missed
from actions.store_info_chosen import ask_which
from actions.talk import Button, Talk
from crm_core.phrases import crm_phrases
from crm_core.records.questions import Outcome

FALLBACK, OUT_OF_SCOPE = "action_default_fallback", "action_dialogue_out_of_scope"
REPHRASE, PLAINLY = "utter_smalltalk_rephrase", "utter_smalltalk_rephrase_plainly"
OPTIONS, PERSON = "utter_smalltalk_options", "utter_smalltalk_offer_person"
SUGGESTIONS = 3
LIKELY = 0.05


class ActionDefaultFallback(CrmAction):
    """Answer what was not understood, differently each time in a row."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return FALLBACK

    def act(self, talk: Talk) -> list[Event]:
        """Ask again, then list what can be done, then offer a person, then bring one; a form repeats its question."""
        if talk.tracker.active_loop_name:
            return stumble(talk, lambda: talk.say("utter_shared_not_understood"))
        answered = answer_anyway(talk)
        if answered is not None:
            return [*answered, FollowupAction("action_listen")]
        missed(talk, Outcome.FALLBACK)
        times = failures_in_a_row(talk.tracker.events)
        if times > 2:
            talk.say("utter_dialogue_hand_over")
            return [SlotSet("handoff_reason", "not_understood"), *as_if_said("request_person")]
        if times == 0 and asks_something(talk) and ask_which(talk):
            return [FollowupAction("action_listen")]
        suggested = self._suggestions(talk) if times == 0 else []
        # A meaning that no rule answers would otherwise be predicted to fall back again, and again.
        first = REPHRASE if suggested else PLAINLY
        return [*in_turn(talk, first, times, suggested), FollowupAction("action_listen")]

    def _suggestions(self, talk: Talk) -> list[Button]:
        """Give a button for each likely meaning that has a title of its own."""
        ranking = talk.tracker.latest_message.get("intent_ranking") or []
        likely = [item["name"] for item in ranking if item.get("confidence", 0) >= LIKELY]
        titled = [name for name in likely if f"intent-{name}" in crm_phrases.keys(talk.language)]
        titles = {name: crm_phrases.say(talk.language, f"intent-{name}") for name in titled[:SUGGESTIONS]}
        return [{"title": title, "payload": f"/{name}"} for name, title in titles.items()]


def in_turn(talk: Talk, first: str, times: int, suggested: Iterable[Button] = ()) -> list[Event]:
    """Say the words for this time in a row."""
    if times == 2:
        talk.say(PERSON)
        return offer("request_person")
    talk.say(OPTIONS if times else first, buttons=suggested)
    return []


def failures_in_a_row(events: Iterable[Mapping[str, Any]]) -> int:
    """Count the turns just before this one that ended in the fallback, without one that was understood between."""
    count, pending = 0, False
    for event in events:
        if event.get("event") == "user":
            count = count + 1 if pending else 0
            pending = False
        elif event.get("event") == "action" and event.get("name") in (FALLBACK, OUT_OF_SCOPE):
            pending = True
    return count
