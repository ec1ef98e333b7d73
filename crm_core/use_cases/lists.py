"""Lists of conversations for those who answer them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from crm_core.errors import InvalidInput
from crm_core.privacy import rights
from crm_core.privacy.masking import mask_name
from crm_core.privacy.personal_data import mask_personal_data
from crm_core.records.conversations import QueueEntry
from crm_core.records.lists import Listed, SavedFilter, Shelf, Wanted
from crm_core.records.people import Actor
from crm_core.storage import conversations as talks
from crm_core.storage import lists as storage
from crm_core.storage.keys import SubjectKeyGone
from crm_core.storage.lists import Row
from crm_core.use_cases.context import Context
from crm_core.use_cases.conversations import Conversations

_NAME_CHARS = 40
_PREVIEW_CHARS = 160
EVERYTHING = Wanted()


class Lists:
    """What an agent chooses the next conversation from.

    Args:
        context: The collaborators of the use cases.
        conversations: Knows the order of the queue.
    """

    def __init__(self, context: Context, conversations: Conversations) -> None:
        self._context = context
        self._conversations = conversations

    def of(self, shelf: Shelf, *, actor: Actor, wanted: Wanted = EVERYTHING, limit: int = 50) -> list[Listed]:
        """Give the conversations of a list: the queue by urgency, the others by what was said last.

        Args:
            shelf: Which conversations.
            actor: Whose list it is.
            wanted: What it is narrowed to.
            limit: At most so many.

        Raises:
            NotAllowed: The actor answers no customers.
        """
        rights.check(actor, "desk")
        if shelf is Shelf.WAITING:
            return self._waiting(self._conversations.queue(with_text=False), wanted, limit)
        with self._context.database.reading() as connection:
            found = storage.ids(connection, shelf, actor.id, wanted, limit)
            return self._listed(connection, found)

    def count(self, shelf: Shelf, *, actor: Actor, wanted: Wanted = EVERYTHING) -> int:
        """Count the conversations of a list that is not one agent's.

        Raises:
            NotAllowed: The actor answers no customers.
        """
        rights.check(actor, "desk")
        with self._context.database.reading() as connection:
            return storage.count(connection, shelf, wanted)

    def save(self, name: str, shelf: Shelf, wanted: Wanted, *, actor: Actor) -> str:
        """Keep a list under a name.

        Raises:
            InvalidInput: The name is empty or too long.
        """
        said = name.strip()
        if not 0 < len(said) <= _NAME_CHARS:
            raise InvalidInput("name", name, f"has not between 1 and {_NAME_CHARS} characters")
        with self._context.database.writing() as connection:
            return storage.save_filter(connection, actor.id, said, shelf, wanted, self._context.clock())

    def saved(self, *, actor: Actor) -> list[SavedFilter]:
        """Give the lists that somebody keeps."""
        with self._context.database.reading() as connection:
            return storage.filters_of(connection, actor.id)

    def forget(self, filter_id: str, *, actor: Actor) -> None:
        """Keep a list no more; another one's is left alone."""
        with self._context.database.writing() as connection:
            storage.forget_filter(connection, actor.id, filter_id)

    def _waiting(self, queue: Sequence[QueueEntry], wanted: Wanted, limit: int) -> list[Listed]:
        fits = [entry for entry in queue if _fits(entry, wanted)]
        with self._context.database.reading() as connection:
            if wanted.tag is not None:
                ours = storage.tagged(connection, wanted.tag, [entry.conversation.id for entry in fits])
                fits = [entry for entry in fits if entry.conversation.id in ours]
            fits = fits[:limit]
            listed = self._listed(connection, [entry.conversation.id for entry in fits])
        known = {each.conversation.id: each for each in listed}
        return [
            replace(
                known[entry.conversation.id],
                since=entry.requested_at,
                position=entry.position,
                reason=entry.reason,
                reasons=entry.reasons,
                reply_due_at=entry.reply_due_at,
            )
            for entry in fits
            if entry.conversation.id in known
        ]

    def _listed(self, connection: sa.Connection, conversation_ids: Sequence[str]) -> list[Listed]:
        rows = storage.rows(connection, conversation_ids)
        keys = {row.key_id for row in rows.values()} | {row.customer_key_id for row in rows.values()}
        self._context.keys.prefetch(connection, keys)
        return [self._record(connection, rows[each]) for each in conversation_ids if each in rows]

    def _record(self, connection: sa.Connection, row: Row) -> Listed:
        body = self._opened(connection, row.key_id, row.body_encrypted)
        name = self._opened(connection, row.customer_key_id, row.name_encrypted)
        return Listed(
            conversation=talks.record(row),
            name=mask_name(name) if name else None,
            preview=_preview(str(json.loads(body).get("text") or "")) if body else "",
            segment=row.segment,
            unread=row.status == "open" and bool(row.unread),
            since=row.last_message_at,
            reason=row.reason,
            reply_due_at=row.reply_due_at,
            solve_due_at=row.solve_due_at,
        )

    def _opened(self, connection: sa.Connection, key_id: str, sealed: bytes | None) -> str | None:
        try:
            return self._context.keys.open(connection, key_id, sealed) if sealed else None
        except SubjectKeyGone:  # erased
            return None


def _preview(text: str) -> str:
    """Give the beginning of what was said; nobody has opened it yet, so personal values are masked."""
    return mask_personal_data(text[: 2 * _PREVIEW_CHARS])[:_PREVIEW_CHARS]


def _fits(entry: QueueEntry, wanted: Wanted) -> bool:
    talk = entry.conversation
    found = (talk.language, talk.priority, talk.channel, talk.owner.value, talk.agent_id)
    asked = (wanted.language, wanted.priority, wanted.channel, wanted.owner, wanted.agent_id)
    return all(want in (None, have) for want, have in zip(asked, found, strict=True))
