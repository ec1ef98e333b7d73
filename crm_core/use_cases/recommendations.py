"""What to offer a customer, what was offered, and what came of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from crm_core import recommend as models
from crm_core.catalogue.families import family
from crm_core.clock import new_id
from crm_core.errors import InvalidInput, ModelNotTrained, NotFound
from crm_core.learning.latest import Latest
from crm_core.recommend.selection import select
from crm_core.records.consent import Purpose
from crm_core.records.people import Reason
from crm_core.records.shop import Offer, Product
from crm_core.records.voice import ServedOffer
from crm_core.storage import consents, messages
from crm_core.storage import products as catalogue
from crm_core.storage import recommendations as storage
from crm_core.use_cases.context import Context

EVENTS = ("seen", "click", "cart", "buy", "reject")
POPULARITY = "popularity-fallback"
SEARCHED = "search"
_POPULAR_WITHIN = timedelta(days=90)
_FORGIVEN_AFTER = timedelta(days=30)  # what was turned down is not offered again before
_CANDIDATES = 300

Ranked = tuple[str, float, str, Reason]


class ServedNotFound(NotFound):
    """Nothing was recommended under this id."""

    what = "recommendation"


class Recommender(Protocol):
    """What ranks products."""

    def rank(self, history: list[str], *, context: dict[str, object], limit: int, exclude: set[str]) -> list[Ranked]:
        """Rank products for somebody who has bought or looked at others."""


@dataclass(frozen=True, slots=True)
class _Past:
    history: list[str]  # SKUs, newest first
    known: set[str]  # not to be offered


class Recommendations:
    """Offers with their reasons, logged with the chance that each had.

    Args:
        context: The collaborators.
        recommender: Gives the model that ranks; the live trained one by default.
        chance: The source of randomness of the explored place.
    """

    def __init__(
        self,
        context: Context,
        recommender: Callable[[], Recommender] | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._context = context
        self._recommender = recommender or Latest(context.settings.models, "recommend", _load).get
        self._chance = chance or random.SystemRandom()

    def offer(
        self,
        customer_id: str,
        *,
        conversation_id: str | None = None,
        language: str = "en",
        limit: int = 3,
        max_price_minor: int | None = None,
        category: str | None = None,
        like_sku: str | None = None,
        among: Sequence[str] | None = None,
    ) -> list[Offer]:
        """Choose products for a customer; nothing is logged until `serve`.

        Somebody who refuses profiling gets what is liked in general, or is like what they asked for.

        Args:
            customer_id: For whom.
            conversation_id: What was offered in it already is not offered again.
            language: The language of the conversation.
            limit: At most this many.
            max_price_minor: Highest price.
            category: Only this category.
            like_sku: A product that the offers should resemble.
            among: Only these SKUs, best first.
        """
        past = self._past(customer_id, conversation_id, like_sku)
        ranked = self._rank(past, {"like": like_sku, "category": category, "language": language})
        wanted = [item for item in _among(ranked, among) if item[0] not in past.known]
        products = self._available([item[0] for item in wanted], max_price_minor, category)
        fitting = _one_of_each([item for item in wanted if item[0] in products], products)
        return [
            Offer(products[sku], score, propensity, policy, reason)
            for (sku, score, policy, reason), propensity in select(fitting, limit, self._chance)
        ]

    def serve(self, customer_id: str, offers: Iterable[Offer], conversation_id: str | None = None) -> list[Offer]:
        """Log offers as shown, in their order, and give them with their ids."""
        served = [replace(offer, served_id=new_id()) for offer in offers]
        moment = self._context.clock()
        rows = [
            {
                "id": offer.served_id,
                "customer_id": customer_id,
                "conversation_id": conversation_id,
                "product_id": offer.product.id,
                "rank": rank,
                "policy": offer.policy,
                "propensity": offer.propensity,
                "score": offer.score,
                "reason": {"code": offer.reason.code, "values": offer.reason.values},
                "served_at": moment,
            }
            for rank, offer in enumerate(served, 1)
        ]
        with self._context.database.writing() as connection:
            storage.add(connection, rows)
        return served

    def outcome(
        self, served_id: str, event: str, value_minor: int | None = None, *, conversation_id: str | None = None
    ) -> bool:
        """Log what a customer did with an offer; the same event again changes nothing.

        Args:
            served_id: The offer.
            event: `seen`, `click`, `cart`, `buy` or `reject`.
            value_minor: What it was worth.
            conversation_id: When given, the offer must have been made in it.

        Returns:
            Whether this was news.

        Raises:
            InvalidInput: No such event.
            NotFound: Nothing was offered under this id (in this conversation).
        """
        if event not in EVENTS:
            raise InvalidInput("event", event, f"is none of {', '.join(EVENTS)}")
        with self._context.database.writing() as connection:
            known, made_in = storage.conversation_of(connection, served_id)
            if not known or (conversation_id is not None and made_in != conversation_id):
                raise ServedNotFound(served_id)
            values = {
                "id": new_id(),
                "served_id": served_id,
                "event": event,
                "value_minor": value_minor,
                "occurred_at": self._context.clock(),
            }
            return storage.add_outcome(connection, values)

    def seen(self, conversation_id: str, after_seq: int, up_to_seq: int) -> int:
        """Log that a customer has seen the cards in a part of a conversation; seeing them again changes nothing.

        Args:
            conversation_id: Which conversation.
            after_seq: What was seen before.
            up_to_seq: What has been seen now.

        Returns:
            How many cards this was news of.
        """
        with self._context.database.reading() as connection:
            rows = messages.after(connection, conversation_id, after_seq, max(0, up_to_seq - after_seq))
            read = [row for row in rows if row.seq <= up_to_seq]
            bodies = [messages.opened(connection, self._context.keys, row, row.key_id).body for row in read]
            shown = [card.get("served_id") for body in bodies for card in body.get("cards") or ()]
            if not any(shown):
                return 0
            known = storage.made_in(connection, conversation_id)
            served = [one for one in dict.fromkeys(shown) if one in known]
        return sum(self.outcome(served_id, "seen") for served_id in served)

    def of_customer(self, customer_id: str, *, limit: int = 50) -> list[ServedOffer]:
        """Give what a customer was offered, newest first, with the outcomes."""
        with self._context.database.reading() as connection:
            return storage.of_customer(connection, customer_id, limit)

    def of_conversation(self, conversation_id: str, *, limit: int = 50) -> list[ServedOffer]:
        """Give what was offered in a conversation, newest first, with the outcomes."""
        with self._context.database.reading() as connection:
            return storage.of_conversation(connection, conversation_id, limit)

    def _past(self, customer_id: str, conversation_id: str | None, like_sku: str | None) -> _Past:
        with self._context.database.reading() as connection:
            refused = consents.has_refused(connection, customer_id, Purpose.PROFILING)
            bought = [] if refused else catalogue.bought(connection, customer_id)
            viewed = [] if refused else catalogue.looked_at(connection, customer_id)
            known = storage.rejected_since(connection, customer_id, self._context.clock() - _FORGIVEN_AFTER)
            if conversation_id is not None:
                known |= {offer.sku for offer in storage.of_conversation(connection, conversation_id, 50)}
        liked = [like_sku] if like_sku else []
        return _Past(list(dict.fromkeys([*liked, *bought, *viewed])), known | set(bought) | set(liked))

    def _rank(self, past: _Past, context: dict[str, object]) -> list[Ranked]:
        try:
            return self._recommender().rank(past.history, context=context, limit=_CANDIDATES, exclude=past.known)
        except ModelNotTrained:
            return self._popular()

    def _popular(self) -> list[Ranked]:
        with self._context.database.reading() as connection:
            sold = catalogue.most_bought(connection, self._context.clock() - _POPULAR_WITHIN, _CANDIDATES)
            rest = [product.sku for product in catalogue.on_sale(connection)] if not sold else []
        reason = Reason("popular", 1.0)
        most = sold[0][1] if sold else 1
        return [(sku, count / most, POPULARITY, reason) for sku, count in sold] or [
            (sku, 0.0, POPULARITY, reason) for sku in rest[:_CANDIDATES]
        ]

    def _available(self, skus: list[str], most: int | None, category: str | None) -> dict[str, Product]:
        with self._context.database.reading() as connection:
            found = catalogue.by_skus(connection, skus)
        return {
            product.sku: product
            for product in found
            if product.active
            and product.stock > 0
            and (most is None or product.price.minor <= most)
            and (category is None or product.category == category)
        }


def _one_of_each(ranked: list[Ranked], products: dict[str, Product]) -> list[Ranked]:
    """Keep the best of the products that differ only in colour or size."""
    kept: dict[str, Ranked] = {}
    for item in ranked:
        kept.setdefault(family(products[item[0]].title_en), item)
    return list(kept.values())


def _load(folder: Path) -> Recommender:
    loaded: Recommender = models.load(folder)
    return loaded


def _among(ranked: list[Ranked], among: Sequence[str] | None) -> list[Ranked]:
    """Keep what was asked for; what the model does not rank comes after it, in the order of the search."""
    if among is None:
        return ranked
    wanted = set(among)
    chosen = [item for item in ranked if item[0] in wanted]
    known = {item[0] for item in chosen}
    rest = [(sku, 0.0, SEARCHED, Reason("asked_for", 0.0)) for sku in among if sku not in known]
    return [*chosen, *rest]
