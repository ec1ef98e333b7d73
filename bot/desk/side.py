"""The right column: its three tabs, read anew when something changed and redrawn only when it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui

from bot.desk.activity import draw_activity
from bot.desk.cards import offer_card
from bot.desk.frame import Visit
from bot.desk.parts import box, button
from bot.desk.portrait import Deeds, draw_customer, draw_history, draw_nothing
from bot.desk.talk import TalkColumn
from bot.desk.views import ExplainedTurn, Portrait, read_offers, read_portrait, read_turns
from bot.desk.why import draw_why
from bot.desk.wording import Wording
from crm_core.clock import now
from crm_core.records.desk import Deed
from crm_core.records.shop import Offer

_TABS = ("customer", "history", "why", "activity")


class SideColumn:
    """The right column.

    Args:
        visit: The open page.
        talk: The middle column, into which offers are sent.
    """

    def __init__(self, visit: Visit, talk: TalkColumn) -> None:
        self._visit = visit
        self._talk = talk
        self._portrait: Portrait | None = None
        self._turns: list[ExplainedTurn] | None = None
        self._deeds: list[Deed] | None = None
        self._mine = False
        words = visit.words
        with box("side", tag="aside", aria_label=words.say("desk-customer")):
            with box("tabs", role="tablist"):
                button("‹", self._close, "quiet back", aria_label=words.say("desk-back"))
                self._tabs = {tab: self._tab(tab) for tab in _TABS}
            self._panels = {tab: box("panel", role="tabpanel", aria_label=words.say(f"tab-{tab}")) for tab in _TABS}
        self._choose("customer")
        with self._panels["customer"]:
            draw_nothing(words)

    def _tab(self, tab: str) -> ui.element:
        words = self._visit.words
        name = words.say(f"tab-{tab}")
        short = words.name("tab-short", tab) if words.knows("tab-short", tab) else name
        return button(short, lambda: self._choose(tab), "tab", role="tab", aria_label=name, title=name)

    def _choose(self, chosen: str) -> None:
        for tab, made in self._tabs.items():
            made.props["aria-selected"] = "true" if tab == chosen else "false"
            self._panels[tab].set_visibility(tab == chosen)

    def _close(self) -> None:
        self._visit.script("rapportDesk.show('talk')")

    async def open(self, conversation_id: str) -> None:
        """Show the customer of another conversation; values are masked again."""
        self._portrait = self._turns = self._deeds = None
        await self.refresh(conversation_id)

    async def refresh(self, conversation_id: str) -> None:
        """Read again what is known, and redraw what differs."""
        visit = self._visit
        known = self._portrait
        portrait = await visit.read(read_portrait, visit.crm, conversation_id, visit.actor, visit.words.language)
        offers = known.offers if known else await self._read_offers(portrait)
        customer = portrait.customer if known is None or known.customer.masked else known.customer
        self._show(replace(portrait, offers=offers, customer=customer))
        self._show_turns(await visit.read(read_turns, visit.crm, conversation_id))
        self._show_deeds(await visit.read(visit.crm.activity.of_conversation, conversation_id))

    async def _read_offers(self, portrait: Portrait) -> list[Offer]:
        return await self._visit.read(read_offers, self._visit.crm, portrait.conversation, self._visit.words.language)

    def _show(self, portrait: Portrait) -> None:
        mine = self._talk.is_mine
        known, self._portrait = self._portrait, portrait
        if known == portrait and mine == self._mine:
            return
        self._mine = mine
        self._redraw(
            "customer",
            lambda: draw_customer(
                portrait, self._visit, Deeds(self._unmask, self._check, self._send), self._talk.agents, mine=mine
            ),
        )
        self._redraw("history", lambda: draw_history(portrait, self._visit.words))

    def _show_turns(self, turns: list[ExplainedTurn]) -> None:
        if turns != self._turns:
            self._turns = turns
            self._redraw("why", lambda: draw_why(turns, self._visit.words))

    def _show_deeds(self, deeds: list[Deed]) -> None:
        if deeds != self._deeds:
            self._deeds = deeds
            self._redraw("activity", lambda: draw_activity(deeds, self._talk.agents, self._visit.words, now()))

    def _redraw(self, tab: str, draw: Callable[[], None]) -> None:
        self._panels[tab].clear()
        with self._panels[tab]:
            draw()

    async def _unmask(self) -> None:
        if self._portrait is None:
            return
        visit, talk = self._visit, self._portrait.conversation
        customer = await visit.deed(
            visit.crm.customers.get, talk.customer_id, actor=visit.actor, unmask=True, conversation_id=talk.id
        )
        if customer is not None:
            self._show_deeds(await visit.read(visit.crm.activity.of_conversation, talk.id))
            self._show(replace(self._portrait, customer=customer))

    async def _check(self) -> None:
        """Keep that the agent has made sure who the customer is."""
        if self._portrait is None:
            return
        visit, talk = self._visit, self._portrait.conversation
        await visit.deed(partial(visit.crm.identity.checked, talk.id, actor=visit.actor))
        await self.refresh(talk.id)

    async def _send(self, offer: Offer) -> None:
        if self._portrait is None:
            return
        visit, talk = self._visit, self._portrait.conversation
        said_in = talk.language

        def serve() -> list[dict[str, object]]:
            served = visit.crm.recommendations.serve(talk.customer_id, [offer], talk.id)
            return [offer_card(one, said_in) for one in served]

        if await self._talk.send_cards(Wording(said_in, "UTC").say("desk-offer-words"), serve):
            rest = [other for other in self._portrait.offers if other.product.sku != offer.product.sku]
            self._show(replace(self._portrait, offers=rest))
