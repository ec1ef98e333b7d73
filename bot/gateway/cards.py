"""What customers do with product cards in the chat: kept as interactions and as outcomes of recommendations."""

from __future__ import annotations

from typing import Any

from bot.gateway.frames import CardEvent
from bot.gateway.offload import Offload
from crm_core.crm import Crm
from crm_core.records.conversations import Conversation

_NAMES = {"click": "Product Clicked", "cart": "Product Added"}  # as Segment's specification calls them
_LOOK_BACK = 200


class Cards:
    """Records what was clicked and what went into the basket.

    Args:
        crm: The database's use cases.
        offload: The threads for the database's calls.
    """

    def __init__(self, crm: Crm, offload: Offload) -> None:
        self._crm = crm
        self._offload = offload

    async def record(self, conversation: Conversation, event: CardEvent) -> bool:
        """Keep an event, if the card was really shown in this conversation.

        Returns:
            Whether there is such a card.
        """
        card = await self._offload.read(self._shown, conversation, event)
        if card is None:
            return False
        await self._offload.write(self._keep, conversation, event.event, card)
        return True

    def _shown(self, conversation: Conversation, event: CardEvent) -> dict[str, Any] | None:
        latest = self._crm.conversations.get(conversation.id)
        after = max(0, latest.last_seq - _LOOK_BACK)
        messages = self._crm.conversations.messages(conversation.id, after_seq=after, limit=_LOOK_BACK)
        for message in reversed(messages):
            for card in message.body.get("cards", ()):
                if _is_meant(card, event):
                    return dict(card)
        return None

    def _keep(self, conversation: Conversation, event: str, card: dict[str, Any]) -> None:
        served_id = card.get("served_id")
        if served_id:
            self._crm.recommendations.outcome(served_id, event)
        self._crm.customers.track(
            conversation.customer_id,
            _NAMES[event],
            channel=conversation.channel,
            source="widget",
            external_id=f"{served_id}:{event}" if served_id else None,
            conversation_id=conversation.id,
            product_sku=card["sku"],
        )


def _is_meant(card: dict[str, Any], event: CardEvent) -> bool:
    if event.served_id:
        return bool(card.get("served_id") == event.served_id)
    return event.sku is not None and bool(card.get("sku") == event.sku)
