"""How sure a conversation can be of who the customer is."""

from __future__ import annotations

from crm_core.privacy import rights
from crm_core.records.identity import Proof, Sureness
from crm_core.records.people import Actor
from crm_core.storage import activity, conversations
from crm_core.use_cases.context import Context

CHECKED = "identity_checked"
SHOWN = "order_shown"


class Identity:
    """The use cases of knowing who somebody is.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def sureness(self, conversation_id: str) -> Sureness:
        """Tell what in a conversation shows who the customer is; the strongest counts.

        Raises:
            ConversationNotFound: There is none.
        """
        with self._context.database.reading() as connection:
            if conversations.by_id(connection, conversation_id).verified:
                return Sureness(Proof.TOKEN)
            done = {row.deed: row for row in activity.of_conversation(connection, conversation_id)}
        if CHECKED in done:
            return Sureness(Proof.AGENT, done[CHECKED].actor)
        if SHOWN in done:
            return Sureness(Proof.ORDER, str(done[SHOWN].detail.get("label", "")))
        return Sureness(Proof.NOTHING)

    def checked(self, conversation_id: str, *, actor: Actor) -> None:
        """Keep that one of the staff has made sure who the customer is; it opens no orders to the assistant.

        Raises:
            NotAllowed: The actor may not.
            ConversationNotFound: There is none.
        """
        rights.check(actor, "desk")
        with self._context.database.writing() as connection:
            conversations.by_id(connection, conversation_id)
            activity.add(connection, conversation_id, CHECKED, actor.id, self._context.clock())
