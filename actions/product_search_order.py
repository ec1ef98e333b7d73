"""How a product is ordered."""

from __future__ import annotations

from actions.base import CrmAction, Event
from actions.products import ask_which, mentioned, show
from actions.talk import Talk
from crm_core.catalogue import stock


class ActionProductSearchOrder(CrmAction):
    """Tell how to order, with the product that was named or shown."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_product_search_order"

    def act(self, talk: Talk) -> list[Event]:
        """Say it; a recommended product counts as accepted."""
        meant = mentioned(talk)
        if not meant:
            talk.say("utter_product_search_how_to_order")
            return []
        if len(meant) > 1:
            return ask_which(talk, meant, "place_order")
        product = meant[0]
        if stock.level(product) == "out":
            talk.say("utter_product_search_order_sold_out", title=product.title(talk.language))
            return show(talk, [product])
        accepted = talk.crm.advice.accept(talk.conversation_id, product.sku)
        talk.note(order={"sku": product.sku, "accepted_offer": accepted})
        talk.say("utter_product_search_order", title=product.title(talk.language))
        return show(talk, [product])
