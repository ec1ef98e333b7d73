"""Notes: what staff write to each other inside a conversation, at its place in the log; customers never see them."""

from __future__ import annotations

from crm_core.clock import new_id
from crm_core.conversations.body import checked
from crm_core.conversations.mentions import mentioned
from crm_core.privacy import rights
from crm_core.records.desk import Mention, Note
from crm_core.records.people import Actor
from crm_core.storage import activity, conversations, staff
from crm_core.storage import notes as rows
from crm_core.use_cases.context import Context


class Notes:
    """The use cases of notes.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def add(self, conversation_id: str, text: str, *, actor: Actor) -> Note:
        """Write a note after what was said last; whoever is mentioned by `@name` is told.

        Args:
            conversation_id: Which conversation, open or closed; it need not be the writer's.
            text: What colleagues shall know.
            actor: Who writes; mentioning oneself tells nobody.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: There is no text, or too much.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        said = str(checked({"text": text}, self._context.settings.message_max_chars)["text"])
        at = self._context.clock()
        with self._context.database.writing() as connection:
            conversation = conversations.by_id(connection, conversation_id)
            names = {row.id: row.name for row in staff.everybody(connection) if row.active and row.id != actor.id}
            whom = mentioned(said, names)
            note = Note(new_id(), conversation_id, actor.id, conversation.last_seq, said, at, whom)
            rows.add(connection, self._context.keys, conversation, note)
            activity.add(connection, conversation_id, "note_added", actor.id, at, mentions=list(whom))
        return note

    def of_conversation(self, conversation_id: str) -> list[Note]:
        """Give the notes of a conversation in their order."""
        with self._context.database.reading() as connection:
            return rows.of_conversation(connection, self._context.keys, conversation_id)

    def mentions(self, agent_id: str, *, limit: int = 30) -> list[Mention]:
        """Give the notes in which somebody is mentioned: those not read yet first, then the newest."""
        with self._context.database.reading() as connection:
            return rows.of_mentioned(connection, self._context.keys, agent_id, limit)

    def read(self, conversation_id: str, agent_id: str) -> int:
        """Note that somebody has opened a conversation in which they are mentioned.

        Returns:
            How many mentions they had not read before.
        """
        with self._context.database.writing(durable=False) as connection:
            return rows.read(connection, agent_id, conversation_id, self._context.clock())
