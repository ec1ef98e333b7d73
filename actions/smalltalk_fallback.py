"""What to say to a message that was not understood: ask again, then offer what can be done, then a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.events import FollowupAction

from actions.answers import answer_anyway
from actions.base import CrmAction, Event
from actions.meanings import offer
from actions.quoting import missed
from actions.talk import Button, Talk
from crm_core.phrases import crm_phrases
from crm_core.records.questions import Outcome

FALLBACK = "action_default_fallback"
STAGES = ("utter_smalltalk_rephrase", "utter_smalltalk_options", "utter_smalltalk_offer_person")
SUGGESTIONS = 3
LIKELY = 0.05


class ActionDefaultFallback(CrmAction):
    """Answer what was not understood, differently each time in a row."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return FALLBACK

    def act(self, talk: Talk) -> list[Event]:
        """Say the words of this stage; inside a form only ask again, the form repeats its question."""
        stage = min(failures_in_a_row(talk.tracker.events), len(STAGES) - 1)
        if talk.tracker.active_loop_name and stage < len(STAGES) - 1:
            talk.say("utter_shared_not_understood")
            return []
        answered = answer_anyway(talk)
        if answered is not None:
            return [*answered, FollowupAction("action_listen")]
        missed(talk, Outcome.FALLBACK)
        talk.say(STAGES[stage], buttons=self._suggestions(talk) if stage == 0 else ())
        offered = offer("request_person") if stage == len(STAGES) - 1 else []
        # A meaning that no rule answers would otherwise be predicted to fall back again, and again.
        return [*offered, FollowupAction("action_listen")]

    def _suggestions(self, talk: Talk) -> list[Button]:
        """Give a button for each likely meaning that has a title of its own."""
        ranking = talk.tracker.latest_message.get("intent_ranking") or []
        likely = [item["name"] for item in ranking if item.get("confidence", 0) >= LIKELY]
        titled = [name for name in likely if f"intent-{name}" in crm_phrases.keys(talk.language)]
        titles = {name: crm_phrases.say(talk.language, f"intent-{name}") for name in titled[:SUGGESTIONS]}
        return [{"title": title, "payload": f"/{name}"} for name, title in titles.items()]


def failures_in_a_row(events: Iterable[Mapping[str, Any]]) -> int:
    """Count the turns just before this one that ended in the fallback, without one that was understood between."""
    count, pending = 0, False
    for event in events:
        if event.get("event") == "user":
            count = count + 1 if pending else 0
            pending = False
        elif event.get("event") == "action" and event.get("name") == FALLBACK:
            pending = True
    return count
