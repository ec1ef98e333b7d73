"""Stock and price of a product."""

from __future__ import annotations

from collections.abc import Callable

from actions.base import CrmAction, Event
from actions.products import ask_for_query, ask_which, forget, heard, mentioned, show
from actions.store_info import answer_from_articles
from actions.talk import Talk
from actions.wording import day, money
from crm_core.catalogue import stock
from crm_core.records.shop import Product

INTENTS = {"stock": "check_stock", "price": "ask_price"}


class ActionProductSearchStock(CrmAction):
    """Say whether a product is in stock."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_product_search_stock"

    def act(self, talk: Talk) -> list[Event]:
        """Answer for the product that is meant, or ask which one."""
        return _answer(talk, "stock", _say_stock)


class ActionProductSearchPrice(CrmAction):
    """Say what a product costs."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_product_search_price"

    def act(self, talk: Talk) -> list[Event]:
        """Answer for the product that is meant, or ask which one."""
        return _answer(talk, "price", _say_price)


def _answer(talk: Talk, purpose: str, say: Callable[[Talk, Product], None]) -> list[Event]:
    meant = mentioned(talk)
    talk.note(**{purpose: [product.sku for product in meant]})
    if len(meant) == 1:
        say(talk, meant[0])
        return show(talk, meant)
    if meant:
        return ask_which(talk, meant, INTENTS[purpose])
    if not talk.crm.catalogue.find(heard(talk)).wish.words:
        return ask_for_query(purpose)
    answered = answer_from_articles(talk)
    if answered is None:
        talk.say("utter_product_search_none")
    return [*(answered or []), *forget()]


def _say_stock(talk: Talk, product: Product) -> None:
    level, back = stock.level(product), stock.expected(product)
    title, price = product.title(talk.language), money(product.price, talk.language)
    if level == "out" and back is not None:
        talk.say("utter_product_search_out_until", title=title, expected=day(back, talk.language))
    elif level == "out":
        talk.say("utter_product_search_out", title=title)
    elif level == "low":
        talk.say("utter_product_search_low", title=title, price=price, stock=product.stock)
    else:
        talk.say("utter_product_search_in_stock", title=title, price=price)


def _say_price(talk: Talk, product: Product) -> None:
    talk.say(
        "utter_product_search_price", title=product.title(talk.language), price=money(product.price, talk.language)
    )
