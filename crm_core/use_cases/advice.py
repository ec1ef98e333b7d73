"""Recommending in conversation: what was asked for, what to change in it, and what to offer unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from crm_core.catalogue.wishes import Refinement, Wish, read_choice, read_refinement, read_wish
from crm_core.records.shop import Offer, Product
from crm_core.storage import feedback
from crm_core.use_cases.catalogue import Catalogue, Fit
from crm_core.use_cases.context import Context
from crm_core.use_cases.recommendations import Recommendations
from crm_core.use_cases.treatment import Treatment

CARDS = 3
_DECIDED = {"cart", "buy", "reject"}


@dataclass(frozen=True, slots=True)
class Refined:
    """What a change of mind led to: other offers, or other products of the search before."""

    cheaper: bool
    offers: list[Offer] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ask:
    language: str
    limit: int
    most: int | None = None  # highest price, minor units
    like: str | None = None  # SKU


class Advice:
    """What a good shop assistant does with a customer's wish.

    Args:
        context: The collaborators.
        catalogue: Finds products.
        recommendations: Chooses and logs offers.
        treatment: Says how this customer is treated.
    """

    def __init__(
        self, context: Context, catalogue: Catalogue, recommendations: Recommendations, treatment: Treatment
    ) -> None:
        self._context = context
        self._catalogue = catalogue
        self._recommendations = recommendations
        self._treatment = treatment

    def recommend(
        self, conversation_id: str, text: str, *, language: str, shown: Sequence[str] = (), limit: int = CARDS
    ) -> list[Offer]:
        """Recommend what fits the customer and what they said; the offers are logged as served.

        Args:
            conversation_id: The conversation.
            text: What the customer said.
            language: The language of the conversation.
            shown: SKUs of the cards last shown: "something like the second one".
            limit: At most this many.
        """
        wish = read_wish(text)
        ask = _Ask(language, limit, most=self._catalogue.minor(wish.max_price), like=self._liked(text, wish, shown))
        related = [] if ask.like else self._catalogue.related(wish.words)
        return self._serve(conversation_id, ask, related) or (self._serve(conversation_id, ask) if related else [])

    def refine(
        self,
        conversation_id: str,
        text: str,
        *,
        language: str,
        shown: Sequence[str],
        question: str | None = None,
        wished: str | None = None,
        change: str | None = None,
        limit: int = CARDS,
    ) -> Refined:
        """Change what was shown at once: cheaper, something else, or with other words.

        Args:
            conversation_id: The conversation.
            text: What the customer said.
            language: The language of the conversation.
            shown: SKUs of the cards last shown.
            question: The search that they answered; None when they were recommended.
            wished: What the customer had said when they were recommended.
            change: `cheaper` or `other`, when a button said so.
            limit: At most this many.
        """
        wanted, before = read_refinement("" if change else text), read_wish(question or wished or "")
        cheaper = wanted.cheaper or change == "cheaper"
        self._turn_down(conversation_id, shown)
        most = self._highest(shown, wanted, before, cheaper=cheaper)
        if question is not None:
            asked = f"{question} {' '.join(wanted.wish.words)}"
            found = self._catalogue.find(asked, max_price_minor=most, exclude=shown)
            return Refined(cheaper, products=[] if found.fit is Fit.DEARER else found.products)
        related = self._related(before.words, wanted.wish.words)
        on_topic = bool({*shown} & {*self._catalogue.related(before.words)})
        ask = _Ask(language, limit, most)
        offers = self._serve(conversation_id, ask, related)
        if not offers and related and not on_topic:
            offers = self._serve(conversation_id, ask)
        return Refined(cheaper, offers=offers)

    def after_service(self, conversation_id: str, *, language: str, angry: bool = False) -> list[Offer]:
        """Offer something after a question was solved, once in a conversation, to whom the rules allow it.

        Args:
            conversation_id: The conversation.
            language: The language of the conversation.
            angry: Whether the customer has been angry in it.
        """
        if self._recommendations.of_conversation(conversation_id, limit=1):
            return []
        cards = self._treatment.cards_after_service(conversation_id, angry=angry)
        return self._serve(conversation_id, _Ask(language, cards)) if cards else []

    def accept(self, conversation_id: str, sku: str) -> bool:
        """Log that the customer takes what was recommended; False when this product was not."""
        return self._log(conversation_id, [sku], "cart")

    def _turn_down(self, conversation_id: str, shown: Sequence[str]) -> None:
        self._log(conversation_id, shown, "reject")

    def _log(self, conversation_id: str, skus: Sequence[str], event: str) -> bool:
        open_offers = [
            offer
            for offer in self._recommendations.of_conversation(conversation_id)
            if offer.sku in skus and not _DECIDED & {outcome.event for outcome in offer.outcomes}
        ]
        for offer in open_offers:
            self._recommendations.outcome(offer.id, event)
        return bool(open_offers)

    def _liked(self, text: str, wish: Wish, shown: Sequence[str]) -> str | None:
        """Give the product that something alike is wanted of."""
        if not wish.alike:
            return None
        choice = read_choice(text, len(shown))
        named = self._catalogue.named(text) if choice is None else []
        if named:
            return named[0].sku
        return shown[choice or 0] if shown else None

    def _highest(self, shown: Sequence[str], wanted: Refinement, before: Wish, *, cheaper: bool) -> int | None:
        """Give the highest price: what was said now, or less than the middle of what was shown, or what was said."""
        if wanted.wish.max_price is not None:
            return self._catalogue.minor(wanted.wish.max_price)
        prices = [product.price.minor for product in self._catalogue.by_skus(shown)] if cheaper else []
        return int(median(prices)) - 1 if prices else self._catalogue.minor(before.max_price)

    def _related(self, before: Sequence[str], now: Sequence[str]) -> list[str]:
        """Give what has to do with the wish and its change together, or else with the newer words."""
        together = self._catalogue.related([*before, *now], closely=True) if before and now else []
        return together or self._catalogue.related(now) or self._catalogue.related(before)

    def _serve(self, conversation_id: str, ask: _Ask, among: list[str] | None = None) -> list[Offer]:
        with self._context.database.reading() as connection:
            customer_id = feedback.customer_of(connection, conversation_id)
        if customer_id is None:
            return []
        chosen = self._recommendations.offer(
            customer_id,
            conversation_id=conversation_id,
            language=ask.language,
            limit=ask.limit,
            max_price_minor=ask.most,
            like_sku=ask.like,
            among=among or None,
        )
        return self._recommendations.serve(customer_id, chosen, conversation_id)
