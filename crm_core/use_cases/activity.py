"""Who did what in a conversation and when: the log's own lines and what staff did beside them, in one order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm_core.privacy import rights
from crm_core.records.conversations import Author, Message
from crm_core.records.desk import Deed
from crm_core.records.people import Actor
from crm_core.storage import access_log, activity, conversations, messages
from crm_core.use_cases.context import Context

_MANY = 10_000
_LEAVING = frozenset({"agent_left", "agent_timed_out", "handed_back"})
_OF_CUSTOMER = frozenset({"handoff_cancelled", "contact_left"})
_SHOWN = ("reason", "outcome", "name")


class ActivityLog:
    """The use cases of the timeline; nothing in it is ever changed.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def note(self, conversation_id: str, deed: str, *, actor: Actor, **detail: Any) -> None:
        """Keep what somebody did where no other use case does so.

        Args:
            conversation_id: In which conversation.
            deed: What, as a code.
            actor: Who.
            detail: Codes and labels, never personal words.

        Raises:
            NotAllowed: The actor may not.
        """
        rights.check(actor, "desk")
        with self._context.database.writing(durable=False) as connection:
            activity.add(connection, conversation_id, deed, actor.id, self._context.clock(), **detail)

    def opened(self, conversation_id: str, *, actor: Actor) -> None:
        """Write into the access log that a member of staff reads a conversation: what was said stands there whole.

        Raises:
            NotAllowed: The actor may not.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        with self._context.database.writing() as connection:
            whose = conversations.by_id(connection, conversation_id).customer_id
            hash_, at = self._context.keys.vault.blind_index, self._context.clock()
            fields = (conversation_id, "messages", "notes")
            access_log.append(connection, hash_, actor, "conversation_opened", whose, fields, at)

    def of_conversation(self, conversation_id: str) -> list[Deed]:
        """Give what was done in a conversation, the newest first."""
        keys = self._context.keys
        with self._context.database.reading() as connection:
            lines = messages.last_of(connection, conversation_id, [Author.SYSTEM], _MANY)
            told = _told([messages.opened(connection, keys, row, row.key_id) for row in reversed(lines)])
            done = [
                Deed(row.deed, row.at, row.actor, row.detail)
                for row in activity.of_conversation(connection, conversation_id)
            ]
        return sorted([*reversed(done), *reversed(told)], key=lambda deed: deed.at, reverse=True)


def _told(lines: Iterable[Message]) -> list[Deed]:
    """Give what the log's system lines tell, in their order; who leaves is who had come."""
    told: list[Deed] = []
    present = ""
    for line in lines:
        event = str(line.body.get("event") or "")
        left = present if event in _LEAVING else ""
        actor = line.agent_id or left or _asked_by(line)
        detail = {key: line.body[key] for key in _SHOWN if line.body.get(key)}
        told.append(Deed(event, line.created_at, actor, detail))
        present = line.agent_id or ("" if event in _LEAVING else present)
    return told


def _asked_by(line: Message) -> str:
    if line.body.get("event") in _OF_CUSTOMER:
        return "customer"
    return str(line.body.get("requested_by") or "system")
