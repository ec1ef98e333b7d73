"""The right column, first two tabs: who the customer is, what is known, what to offer, what was before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, empty, fact, heading, info, link, meter, text
from bot.desk.standing import (
    draw_consents,
    draw_promises,
    draw_reasons,
    draw_sentiment,
    draw_sureness,
    draw_worth,
)
from bot.desk.views import Portrait
from bot.desk.wording import Wording
from crm_core.records.conversations import Conversation
from crm_core.records.identity import Proof
from crm_core.records.shop import Offer, Order
from crm_core.records.voice import FeedbackEntry, ServedOffer

_INTENT_TONE = {"low": "plain", "medium": "warn", "high": "good"}
_SENTIMENT_TONE = {"negative": "bad", "neutral": "plain", "positive": "good"}
_ORDER_TONE = {"delivered": "good", "shipped": "accent", "cancelled": "bad", "returned": "warn"}
_SHOWN = 10
_EVENT_ORDER = ("buy", "cart", "click", "reject", "seen")

T = TypeVar("T")
Deed = Callable[[], Awaitable[None]]
SendOffer = Callable[[Offer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What may be done in the first tab.

    Args:
        unmask: Shows personal values whole.
        check: Keeps that the agent has made sure who it is.
        send: Sends one offer into the conversation.
    """

    unmask: Deed
    check: Deed
    send: SendOffer


def draw_customer(portrait: Portrait, visit: Visit, deeds: Deeds, agents: Mapping[str, str], *, mine: bool) -> None:
    """Draw who the customer is, what is promised, what is known and reckoned of them, and the next best offers.

    Args:
        portrait: What is known.
        visit: The open page.
        deeds: What may be done.
        agents: Names by id.
        mine: Whether this agent may write in the conversation.
    """
    words = visit.words
    _who(portrait, visit, deeds, agents, mine=mine)
    draw_promises(portrait, words)
    _segment(portrait, words)
    _intent(portrait, words)
    draw_worth(portrait, words)
    _offers(portrait, words, deeds.send, mine=mine)
    draw_consents(portrait, words)


def draw_history(portrait: Portrait, words: Wording) -> None:
    """Draw orders, feedback, earlier conversations and earlier recommendations."""
    _section(words, "desk-orders", portrait.orders, lambda order: _order(order, words))
    draw_sentiment(portrait.feedback, words)
    _section(words, "desk-feedback", portrait.feedback, lambda entry: _feedback(entry, words))
    _section(words, "desk-earlier", portrait.earlier, lambda talk: _earlier(talk, words))
    _section(words, "desk-served", portrait.served, lambda offer: _served(offer, words))


def _who(portrait: Portrait, visit: Visit, deeds: Deeds, agents: Mapping[str, str], *, mine: bool) -> None:
    words, customer, talk = visit.words, portrait.customer, portrait.conversation
    with box("section", tag="section"):
        with box("row between nowrap"):
            text(customer.name or words.say("desk-visitor"), "h2 clip", tag="h2")
            draw_sureness(portrait, agents, words)
        with box("facts", tag="dl"):
            for value in customer.emails:
                fact(words.say("desk-email"), value)
            for value in customer.phones:
                fact(words.say("desk-phone"), value)
            fact(words.say("desk-language"), words.name("language", customer.language or talk.language))
            if place := ", ".join(part for part in (customer.city, customer.country) if part):
                fact(words.say("desk-place"), place)
            fact(words.say("desk-since"), words.day(customer.first_seen_at))
            fact(words.say("desk-last-seen"), words.day(customer.last_seen_at))
        has_values = bool(customer.name or customer.emails or customer.phones)
        if customer.masked and has_values and visit.may("unmask"):
            with box("row"):
                button(words.say("desk-unmask"), deeds.unmask, "btn btn-small")
                info(words.say("desk-unmask-hint"))
        if mine and portrait.sureness.proof in (Proof.ORDER, Proof.NOTHING):
            with box("row"):
                button(words.say("proof-check"), deeds.check, "btn btn-small")
                info(words.say("proof-check-hint"))


def _segment(portrait: Portrait, words: Wording) -> None:
    with box("section", tag="section"):
        heading(words.say("desk-segment"), 3, words.say("desk-segment-hint"))
        view = portrait.segment
        if view is None:
            text(words.say("desk-segment-none"), "muted", tag="p")
            return
        text(view.name, "strong", tag="p")
        text(view.description, "", tag="p")
        if view.profile:
            text(view.profile, "muted small", tag="p")
        with box("advice"):
            text(view.advice, "", tag="p")


def _intent(portrait: Portrait, words: Wording) -> None:
    with box("section", tag="section"):
        heading(words.say("desk-intent"), 3, words.say("desk-intent-hint"))
        score = portrait.scores.get("purchase_intent")
        if score is None:
            text(words.say("desk-intent-none"), "muted", tag="p")
            return
        tone = _INTENT_TONE.get(score.label or "", "plain")
        with box("row between"):
            chip(words.name("intent-level", score.label), tone)
            text(words.percent(score.value), "num strong")
        meter(score.value, words.say("desk-intent-meter", percent=words.percent(score.value)))
        draw_reasons(score.reasons, words)
        text(words.say("desk-as-of", day=words.day(score.as_of)), "muted small", tag="p")


def _offers(portrait: Portrait, words: Wording, send: SendOffer, *, mine: bool) -> None:
    with box("section", tag="section"):
        heading(words.say("desk-offers"), 3, words.say("desk-offers-hint"))
        if not portrait.may_sell:
            text(words.say("desk-offers-not-now"), "caution", tag="p")
        if not portrait.offers:
            text(words.say("desk-offers-none"), "muted", tag="p")
        for offer in portrait.offers:
            _offer(offer, words, send, mine=mine)


def _offer(offer: Offer, words: Wording, send: SendOffer, *, mine: bool) -> None:
    async def send_it() -> None:
        await send(offer)

    with box("offer"):
        with box("grow"):
            text(offer.product.title(words.language), "offer-title", tag="p")
            text(words.reason(offer.reason), "muted small", tag="p")
        with box("offer-side"):
            text(words.money(offer.product.price), "num strong")
            if mine:
                button(words.say("desk-offer-send"), send_it, "btn btn-small")


def _section(words: Wording, key: str, rows: Sequence[T], draw: Callable[[T], None]) -> None:
    with box("section", tag="section"):
        with box("row between"):
            text(words.say(key), "h3", tag="h3")
            text(str(len(rows)) if rows else "", "count num")
        if not rows:
            text(words.say(f"{key}-none"), "muted", tag="p")
        for row in rows[:_SHOWN]:
            draw(row)
        if len(rows) > _SHOWN:
            text(words.say("desk-newest", count=_SHOWN), "muted small", tag="p")


def _order(order: Order, words: Wording) -> None:
    with box("entry"):
        with box("row between nowrap"):
            text(order.number, "strong clip")
            chip(words.name("order-status", order.status), _ORDER_TONE.get(order.status, "plain"))
        with box("row between muted small"):
            text(words.day(order.placed_at))
            text(words.money(order.total), "num")
        if order.items:
            text(" · ".join(f"{item.quantity} × {item.title}" for item in order.items[:3]), "small clip", tag="p")
        if order.status == "shipped" and order.expected_at:
            text(words.say("desk-order-expected", day=words.day(order.expected_at)), "small", tag="p")


def _feedback(entry: FeedbackEntry, words: Wording) -> None:
    with box("entry"):
        with box("row"):
            chip(words.name("sentiment", entry.sentiment), _SENTIMENT_TONE.get(entry.sentiment or "", "plain"))
            chip(words.name("feedback", entry.category))
            text(words.day(entry.created_at), "muted small")
        text(entry.text or words.say("desk-erased"), "small", tag="p")


def _earlier(talk: Conversation, words: Wording) -> None:
    with box("entry row between nowrap"):
        link(words.moment(talk.opened_at), f"/desk?c={talk.id}")
        chip(words.name("ending", talk.outcome.value if talk.outcome else "open"))


def _served(offer: ServedOffer, words: Wording) -> None:
    happened = {outcome.event for outcome in offer.outcomes}
    furthest = next((event for event in _EVENT_ORDER if event in happened), "none")
    with box("entry"):
        with box("row between nowrap"):
            text((offer.title_zh if words.language == "zh" else None) or offer.title_en, "clip")
            chip(words.name("offer-event", furthest), "good" if furthest in ("buy", "cart") else "plain")
        text(f"{words.day(offer.served_at)} · {words.reason(offer.reason)}", "muted small", tag="p")


def draw_nothing(words: Wording) -> None:
    """Say that no customer is chosen."""
    empty(words.say("desk-portrait-nothing"))
