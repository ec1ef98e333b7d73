"""Which products are meant, and how they are shown and remembered."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Event
from actions.cards import product_card
from actions.talk import Talk
from crm_core.catalogue.wishes import read_choice
from crm_core.records.shop import Product

FORM = "product_search_form"


def heard(talk: Talk) -> str:
    """Give what the customer looks for: the form's answer, or this message; nothing when a button was pressed."""
    return str(talk.slot("product_search_query") or ("" if talk.pressed else talk.text))


def mentioned(talk: Talk) -> list[Product]:
    """Give the product that is meant: one of those on the screen, or the one that is named."""
    shown = list(talk.slot("product_search_shown") or [])
    question = heard(talk)
    named = talk.crm.catalogue.named(question)
    choice = read_choice(question, len(shown))
    if len(named) == 1 or (named and choice is None):
        return named
    if choice is None and not named and len(shown) == 1:
        choice = 0
    return talk.crm.catalogue.by_skus(shown[choice : choice + 1]) if choice is not None else named


def show(talk: Talk, products: list[Product], question: str | None) -> list[Event]:
    """Send the cards and remember them."""
    talk.send(cards=[product_card(product, talk.language) for product in products])
    return [
        SlotSet("product_search_shown", [product.sku for product in products]),
        SlotSet("product_search_last", question),
        *forget(),
    ]


def ask_for_query(purpose: str) -> list[Event]:
    """Open the form that asks which product is meant."""
    return [SlotSet("product_search_purpose", purpose), FollowupAction(FORM)]


def forget() -> list[Event]:
    """Empty what the form has asked."""
    return [SlotSet("product_search_query", None), SlotSet("product_search_purpose", None)]
