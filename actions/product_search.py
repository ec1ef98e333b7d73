"""Finding a product."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction
from rasa_sdk.forms import FormValidationAction

from actions.base import CrmAction, Event
from actions.forms_text import plain_answer
from actions.products import FORM, ask_for_query, forget, heard, show
from actions.store_info import answer_from_articles
from actions.talk import Button, Talk
from crm_core.phrases import crm_phrases
from crm_core.use_cases.catalogue import Fit, Found, category_name

PURPOSES = {"stock": "action_product_search_stock", "price": "action_product_search_price"}

WORDS = {
    Fit.EXACT: "utter_product_search_found",
    Fit.SIMILAR: "utter_product_search_similar",
    Fit.DEARER: "utter_product_search_dearer",
}


class ValidateProductSearchForm(FormValidationAction):  # type: ignore[misc]
    """Take the customer's answer as what they look for."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{FORM}"

    async def extract_product_search_query(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Give the answer; nothing when the customer says something else instead."""
        return plain_answer(tracker, "product_search_query")


class ActionProductSearch(CrmAction):
    """Show the products that fit what was said, or ask what is looked for."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_product_search"

    def act(self, talk: Talk) -> list[Event]:
        """Search, show and remember; a question about stock or price goes back to where it came from."""
        purpose = talk.slot("product_search_purpose")
        if purpose in PURPOSES:
            return [FollowupAction(PURPOSES[purpose])]
        question = heard(talk)
        category = next(iter(talk.entities("product_category")), None)
        found = talk.crm.catalogue.find(question, category=category)
        if not found.wish.says_something and not category:
            return ask_for_query("search")
        talk.note(search={"words": found.wish.words, "found": [product.sku for product in found.products]})
        if found.fit is Fit.NONE:
            answered = answer_from_articles(talk)
            if answered is None:
                _say_nothing_found(talk, found)
            return [*(answered or []), *forget()]
        talk.say(WORDS[found.fit])
        return show(talk, found.products, question)


def _say_nothing_found(talk: Talk, found: Found) -> None:
    if found.closest_category is None:
        talk.say("utter_product_search_none")
        return
    name = category_name(found.closest_category, talk.language)
    payload = f'/search_product{{"product_category": "{found.closest_category}"}}'
    button: Button = {"title": crm_phrases.say(talk.language, "category-browse", category=name), "payload": payload}
    talk.say("utter_product_search_closest", category=name, buttons=[button])
