"""Which article is meant: asked where none answers surely, and quoted once it is chosen."""

from __future__ import annotations

import json

from actions.base import CrmAction, Event
from actions.quoting import audience_of, quote
from actions.talk import Button, Talk

CHOOSE, GONE = "utter_store_info_choose", "utter_store_info_gone"


class ActionStoreInfoChosen(CrmAction):
    """Quote the article that the customer chose."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_store_info_chosen"

    def act(self, talk: Talk) -> list[Event]:
        """Answer what was asked before from the chosen article."""
        question = last_typed(talk)
        for slug in talk.entities("article"):
            passage = talk.crm.knowledge.passage(slug, question, talk.language, audience=audience_of(talk))
            if passage is not None:
                return quote(talk, question or passage.title, passage)
        talk.say(GONE)
        return []


def ask_which(talk: Talk) -> bool:
    """Ask which of a few articles is meant, where some may be; tell whether it was asked."""
    if talk.pressed:
        return False
    likely = talk.crm.knowledge.likely(talk.text, talk.language, audience=audience_of(talk))
    buttons: list[Button] = [
        {"title": passage.title, "payload": f"/choose_article{json.dumps({'article': passage.slug})}"}
        for passage in likely
    ]
    if buttons:
        talk.note(knowledge={"offered": [passage.slug for passage in likely]})
        talk.say(CHOOSE, buttons=buttons)
    return bool(buttons)


def last_typed(talk: Talk) -> str:
    """Give what the customer typed last, empty where nothing was."""
    texts = (str(event.get("text") or "") for event in reversed(talk.tracker.events) if event.get("event") == "user")
    return next((text for text in texts if text and not text.startswith("/")), "")
