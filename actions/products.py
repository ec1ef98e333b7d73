"""Which products are meant, and how they are shown and remembered."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Event
from actions.cards import product_card
from actions.described import named_skus
from actions.talk import Button, Talk
from crm_core.catalogue.wishes import points, read_choice, read_wish
from crm_core.records.shop import Product

FORM = "product_search_form"
SEVERAL = 3


def heard(talk: Talk) -> str:
    """Give what the customer looks for: the form's answer, or this message; nothing when a button was pressed."""
    return str(talk.slot("product_search_query") or ("" if talk.pressed else talk.text))


def mentioned(talk: Talk) -> list[Product]:
    """Give the product that is meant, or all that may be: by button, by place on the screen, by name, or as "it"."""
    pressed, shown = talk.entities("product_sku"), list(talk.slot("product_search_shown") or [])
    if pressed:
        return talk.crm.catalogue.by_skus(pressed)
    question = heard(talk)
    place = read_choice(question, len(shown))
    if place is not None:
        return talk.crm.catalogue.by_skus([shown[place]])
    named = talk.crm.catalogue.by_skus(named_skus(talk)) or talk.crm.catalogue.named(question)
    if named or not (points(question) or not read_wish(question).words):
        return named
    focus = talk.slot("product_search_focus")
    return talk.crm.catalogue.by_skus([focus] if focus else shown[:SEVERAL])


def ask_which(talk: Talk, products: list[Product], intent: str) -> list[Event]:
    """Ask which of several products is meant, with a button for each."""
    buttons: list[Button] = [
        {"title": product.title(talk.language), "payload": f'/{intent}{{"product_sku": "{product.sku}"}}'}
        for product in products
    ]
    talk.say("utter_product_search_which", buttons=buttons)
    return forget()


def show(talk: Talk, products: list[Product], question: str | None = None) -> list[Event]:
    """Send cards and remember them.

    Args:
        talk: The turn.
        products: What to show. One that is on the screen already comes into focus ("it"); the others stay.
        question: The search that they answer.
    """
    talk.send(cards=[product_card(product, talk.language) for product in products])
    skus = [product.sku for product in products]
    focus = SlotSet("product_search_focus", skus[0] if len(skus) == 1 else None)
    if question is None and set(skus) <= set(talk.slot("product_search_shown") or []):
        return [focus, *forget()]
    return [SlotSet("product_search_shown", skus), SlotSet("product_search_last", question), focus, *forget()]


def ask_for_query(purpose: str) -> list[Event]:
    """Open the form that asks which product is meant."""
    return [SlotSet("product_search_purpose", purpose), FollowupAction(FORM)]


def forget() -> list[Event]:
    """Empty what the form has asked."""
    return [SlotSet("product_search_query", None), SlotSet("product_search_purpose", None)]
