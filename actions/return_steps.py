"""The steps of a return: what kind, which item."""

from __future__ import annotations

from actions.filling import Filling
from actions.forms import SURE
from actions.order_heard import NUMBER
from actions.step import Step
from crm_core.orders.items import ALL, choose_item, means_everything, named_item
from crm_core.orders.kinds import corrected_kind
from crm_core.orders.references import corrects

KIND, ITEM, WANTED = "order_return_kind", "order_return_item", "order_return_wanted"
_CHOICES = ("size", "colour")
KINDS = {"return_order": "return", "request_refund": "refund", "exchange_order": "exchange"}


class KindStep(Step):
    """Whether the customer wants to return, be refunded or exchange (for which size or colour); the words say it."""

    slots = (KIND, WANTED)

    def again(self, filling: Filling) -> None:
        """Keep it when another order is meant."""

    def read(self, filling: Filling) -> bool:
        """Take it from the intent; another one later ("rather exchange it") changes it."""
        wanted = [
            entity for entity in filling.talk.heard if entity.get("entity") in _CHOICES and entity.get("role") == "to"
        ]
        if wanted:  # in the customer's own words
            filling.put(WANTED, " ".join(filling.talk.text[entity["start"] : entity["end"]] for entity in wanted))
        kind = _corrected(filling) or KINDS.get(filling.talk.intent)
        sure = filling.opens or filling.talk.confidence >= SURE or _corrected(filling)
        if kind is None or kind == filling.get(KIND) or not sure:
            return False
        filling.put(KIND, kind)
        filling.renewed = None if filling.opens else KIND
        return not filling.opens

    def missing(self, filling: Filling) -> str | None:
        """Take it for a return where the form was opened in another way."""
        if filling.get(KIND) is None:
            filling.put(KIND, "return")
        return None


def _corrected(filling: Filling) -> str | None:
    """Give the kind that a correction wants: "actually make it the refund, not the exchange"."""
    said = filling.talk.text
    return corrected_kind(said) if not filling.opens and not filling.talk.pressed and corrects(said) else None


class ItemStep(Step):
    """Which item of the order comes back."""

    slots = (ITEM,)

    def begin(self, filling: Filling) -> None:
        """Keep what was chosen before the customer turned to something else and came back."""

    def again(self, filling: Filling) -> None:
        """Forget it when another order is meant."""
        if filling.renewed == NUMBER and filling.get(ITEM) != ALL:
            filling.put(ITEM, None)

    def read(self, filling: Filling) -> bool:
        """Tell whether an item was named; `missing` looks which, once the order is known."""
        if filling.opens and means_everything(filling.talk.text):
            filling.put(ITEM, ALL)
        return filling.asked == ITEM and not filling.renewed and bool(self._choice(filling))

    def missing(self, filling: Filling) -> str | None:
        """Take what was named; ask only where there are several."""
        if filling.order is None:
            return None
        lines = filling.order.items
        if filling.get(ITEM) in (ALL, *(line.sku for line in lines)):
            return None
        chosen = self._choice(filling) if len(lines) > 1 else ALL
        filling.put(ITEM, chosen)
        return None if chosen else ITEM

    def hint(self, filling: Filling) -> None:
        """Say how an item may be named."""
        filling.talk.say("utter_order_return_item_hint")

    def _choice(self, filling: Filling) -> str | None:
        talk = filling.talk
        order = filling.order or talk.crm.orders.find(
            talk.conversation_id, filling.get("order_number") or "", contact=filling.get("contact")
        )
        pressed = next(iter(talk.entities(ITEM)), None)
        if pressed or filling.asked == ITEM:
            return choose_item(pressed or talk.text, order.items)
        return None if talk.pressed else named_item(talk.text, order.items)
