"""The last try at a message that no intent explains: a product in so many words, or an article that answers it."""

from __future__ import annotations

from actions.base import Event
from actions.products import show
from actions.store_info import answer_from_articles
from actions.talk import Talk
from crm_core.catalogue.words import content_words

_WORDS = 2  # a single word of common use is no question


def answer_anyway(talk: Talk) -> list[Event] | None:
    """Answer a message that was not understood.

    Args:
        talk: The turn.

    Returns:
        The events that follow, or None when there was no answer; nothing was said then.
    """
    if talk.pressed:
        return None
    products = talk.crm.catalogue.obvious(talk.text)
    if products:
        talk.say("utter_product_search_found")
        return show(talk, products, talk.text)
    return answer_from_articles(talk) if asks_something(talk) else None


def asks_something(talk: Talk) -> bool:
    """Tell whether there are words enough to be looked for in the articles."""
    return sum(len(word) > 1 for word in content_words(talk.text)) >= _WORDS
