"""How the shop and a customer stand: sureness, consent, worth, what is promised, how they have felt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape

from nicegui import ui

from bot.desk.parts import box, chip, fact, heading, link, text
from bot.desk.views import Portrait
from bot.desk.wording import Wording
from crm_core.records.identity import Proof
from crm_core.records.people import Reason
from crm_core.records.shop import Money, Order
from crm_core.records.voice import FeedbackEntry
from crm_core.use_cases.customers import PURPOSES

_PROOF_TONE = {Proof.TOKEN: "good", Proof.AGENT: "good", Proof.ORDER: "accent", Proof.NOTHING: "warn"}
_RECKONED = ("churn", "value")  # what models may tell one day; shown as soon as there is a score
_NO_MONEY = frozenset({"cancelled", "returned"})
_HEIGHT = {"positive": 8, "neutral": 26, "negative": 44}  # of a point in the drawing
_POINTS = 20
_REASONS = 4


def draw_sureness(portrait: Portrait, agents: Mapping[str, str], words: Wording) -> None:
    """Draw how sure it is who the customer is."""
    proof, by = portrait.sureness.proof, portrait.sureness.by
    hint = words.say(f"proof-{proof.value}-hint", by=agents.get(by, by))
    chip(words.say(f"proof-{proof.value}"), _PROOF_TONE[proof], hint)


def draw_consents(portrait: Portrait, words: Wording) -> None:
    """Draw what the customer has agreed to and refused."""
    given = portrait.consents
    with box("section", tag="section"):
        heading(words.say("desk-consent"), 3, words.say("desk-consent-hint"))
        with box("row"):
            for purpose in PURPOSES:
                state = "unasked" if purpose not in given else "given" if given[purpose] else "refused"
                tone = {"given": "good", "refused": "bad", "unasked": "plain"}[state]
                chip(words.say(f"consent-{state}", purpose=words.name("consent", purpose)), tone)


def draw_worth(portrait: Portrait, words: Wording) -> None:
    """Draw what the customer has bought so far, and churn risk and value where they are reckoned."""
    with box("section", tag="section"):
        heading(words.say("desk-worth"), 3, words.say("desk-worth-hint"))
        with box("facts", tag="dl"):
            fact(words.say("desk-bought"), _bought(portrait.orders, words))
            for task in _RECKONED:
                score = portrait.scores.get(task)
                told = words.say("desk-not-reckoned") if score is None else words.percent(score.value)
                fact(words.say(f"desk-{task}"), told)
        for task in _RECKONED:
            if score := portrait.scores.get(task):
                draw_reasons(score.reasons, words)


def draw_reasons(reasons: Sequence[Reason], words: Wording) -> None:
    """Draw why a model decided so."""
    with box("reasons", tag="ul"):
        for reason in reasons[:_REASONS]:
            with box("reason", tag="li"):
                text("＋" if reason.weight >= 0 else "－", f"sign sign-{'up' if reason.weight >= 0 else 'down'}")
                text(words.reason(reason))


def _bought(orders: Sequence[Order], words: Wording) -> str:
    kept = [order for order in orders if order.status not in _NO_MONEY]
    sums: dict[str, int] = defaultdict(int)
    for order in kept:
        sums[order.total.currency] += order.total.minor
    if not kept:
        return words.say("desk-bought-nothing")
    money = " + ".join(words.money(Money(minor, currency)) for currency, minor in sums.items())
    return words.say("desk-bought-sum", money=money, count=len(kept))


def draw_promises(portrait: Portrait, words: Wording) -> None:
    """Draw what is still owed to the customer."""
    numbers = {order.id: order.number for order in portrait.orders}
    snoozed = portrait.conversation.snoozed_until
    with box("section", tag="section"):
        heading(words.say("desk-promises"), 3, words.say("desk-promises-hint"))
        if not (portrait.requests or portrait.owed or snoozed):
            text(words.say("desk-promises-none"), "muted", tag="p")
        for wish in portrait.requests:
            with box("entry"):
                with box("row between nowrap"):
                    text(words.name("promise", wish.kind), "strong")
                    text(words.day(wish.created_at), "muted small")
                text(f"{numbers.get(wish.order_id, '')} · {wish.reference}".strip(" ·"), "small", tag="p")
        for ticket in portrait.owed:
            with box("entry row between nowrap"):
                link(words.name("promise", ticket.reason), f"/desk?c={ticket.conversation_id}")
                text(words.day(ticket.created_at), "muted small")
        if snoozed:
            text(words.say("desk-promises-snoozed", until=words.moment(snoozed)), "small", tag="p")


def draw_sentiment(entries: Sequence[FeedbackEntry], words: Wording) -> None:
    """Draw how the customer's feedback has sounded, from the oldest to the newest; one alone makes no line."""
    told = [each for each in sorted(entries, key=lambda each: each.created_at) if each.sentiment in _HEIGHT][-_POINTS:]
    with box("section", tag="section"):
        heading(words.say("desk-sentiment"), 3, words.say("desk-sentiment-hint"))
        if len(told) < 2:
            text(words.say("desk-sentiment-few"), "muted", tag="p")
            return
        ui.html(_line(told, words), sanitize=False)


def _line(told: Sequence[FeedbackEntry], words: Wording) -> str:
    step = 280 / (len(told) - 1)
    points = [(10 + step * place, _HEIGHT[each.sentiment or ""]) for place, each in enumerate(told)]
    said = words.say(
        "desk-sentiment-line",
        count=len(told),
        first=words.name("sentiment", told[0].sentiment),
        last=words.name("sentiment", told[-1].sentiment),
    )
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y}" r="4" class="mood-{each.sentiment}">'
        f"<title>{escape(words.day(each.created_at))}: {escape(words.name('sentiment', each.sentiment))}</title>"
        "</circle>"
        for (x, y), each in zip(points, told, strict=True)
    )
    path = " ".join(f"{x:.1f},{y}" for x, y in points)
    return (
        f'<svg class="mood" viewBox="0 0 300 52" role="img" aria-label="{escape(said)}">'
        f'<line x1="0" y1="26" x2="300" y2="26" class="mood-middle"/><polyline points="{path}"/>{dots}</svg>'
        f'<p class="muted small">{escape(words.day(told[0].created_at))} – {escape(words.day(told[-1].created_at))}</p>'
    )
