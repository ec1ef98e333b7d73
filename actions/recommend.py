"""Recommending, and changing what was recommended at once."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CrmAction, Event
from actions.cards import offer_card
from actions.dialogue import PENDING, is_angry
from actions.meanings import offer as a_yes_means
from actions.products import show
from actions.talk import Talk
from crm_core.records.shop import Offer


class ActionRecommend(CrmAction):
    """Recommend products that fit the customer and what they said."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_recommend"

    def act(self, talk: Talk) -> list[Event]:
        """Choose, show and remember."""
        said = "" if talk.pressed else talk.text
        offers = talk.crm.advice.recommend(
            talk.conversation_id, said, language=talk.language, shown=talk.slot("product_search_shown") or []
        )
        if not offers:
            talk.say("utter_recommend_nothing")
            return []
        return _show(talk, offers, "utter_recommend_offer" if len(offers) > 1 else "utter_recommend_one", said)


class ActionRecommendRefine(CrmAction):
    """Show something cheaper or something else."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_recommend_refine"

    def act(self, talk: Talk) -> list[Event]:
        """Change what was shown; what was recommended counts as turned down."""
        if not talk.slot("product_search_shown"):
            return [FollowupAction("action_recommend")]
        wished = talk.slot("recommend_wish")
        refined = talk.crm.advice.refine(
            talk.conversation_id,
            talk.text,
            language=talk.language,
            shown=talk.slot("product_search_shown") or [],
            question=talk.slot("product_search_last"),
            wished=wished,
            change=next(iter(talk.entities("recommend_change")), None),
        )
        words = "utter_recommend_cheaper" if refined.cheaper else "utter_recommend_other"
        if refined.products:
            talk.say(words)
            return show(talk, refined.products, talk.slot("product_search_last"))
        if refined.offers:
            said = "" if talk.pressed else talk.text
            return _show(talk, refined.offers, words, f"{wished or ''} {said}".strip())
        talk.say("utter_recommend_no_cheaper" if refined.cheaper else "utter_recommend_nothing")
        return []


class ActionRecommendAfterService(CrmAction):
    """Offer something after a question was solved, to customers who are likely to want it."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_recommend_after_service"

    def act(self, talk: Talk) -> list[Event]:
        """Say nothing at all where the rules forbid to sell, or where the customer has asked for more in one breath."""
        if talk.slot(PENDING):
            return []
        offers = talk.crm.advice.after_service(talk.conversation_id, language=talk.language, angry=is_angry(talk))
        return _show(talk, offers, "utter_recommend_after_service", "") if offers else []


def _show(talk: Talk, offers: list[Offer], words: str, wish: str) -> list[Event]:
    talk.note(
        recommend=[{"sku": item.product.sku, "policy": item.policy, "reason": item.reason.code} for item in offers]
    )
    talk.say(words)
    talk.send(cards=[offer_card(item, talk.language) for item in offers])
    remembered = [
        SlotSet("product_search_shown", [item.product.sku for item in offers]),
        SlotSet("product_search_last", None),
        SlotSet("product_search_focus", offers[0].product.sku if len(offers) == 1 else None),
        SlotSet("recommend_wish", wish or None),
    ]
    if is_angry(talk):  # what was asked for, and nothing more is pressed on them
        return remembered
    talk.say("utter_recommend_refine")
    return [*remembered, *a_yes_means("place_order")]
