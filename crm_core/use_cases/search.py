"""Full-text search over conversations, whose words lie sealed: by a blind index, kept up to date beside the log."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

import sqlalchemy as sa

from crm_core.privacy import rights
from crm_core.records.conversations import Author
from crm_core.records.people import Actor
from crm_core.records.search import Found, Hit, Where
from crm_core.search.excerpt import excerpt
from crm_core.search.query import Query, understand
from crm_core.search.words import fold, words
from crm_core.storage import access_log, conversations, messages
from crm_core.storage import search as rows
from crm_core.storage.keys import SubjectKeyGone
from crm_core.storage.messages import Row
from crm_core.use_cases.context import Context

_AT_ONCE = 10  # conversations written to the index in one transaction: some tens of milliseconds
_READ = 500  # messages
_LOOKED_AT = 2000  # messages that are opened for one search
_ANYWHERE = Where()


class Search:
    """What was said, found by its words.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def index(self, limit: int = _AT_ONCE) -> int:
        """Take some of what was said since the last look into the index.

        Args:
            limit: Conversations at the most.

        Returns:
            How many conversations were taken up; less than `limit` when nothing is left.
        """
        with self._context.database.reading() as connection:
            found = rows.behind(connection, limit)
            self._context.keys.prefetch(connection, [row.key_id for row in found])
            read = [self._read(connection, row) for row in found]
        if read:
            # Written again from the log at the next look, should a power cut take it.
            with self._context.database.writing(durable=False) as connection:
                rows.put(connection, read)
        return len(read)

    def _read(self, connection: sa.Connection, row: Row) -> rows.Indexed:
        found: set[tuple[int, int]] = set()
        seq = row.indexed_seq
        while log := messages.after(connection, row.id, seq, _READ):
            seq = log[-1].seq
            for line in log:
                if Author(line.author) in rows.SPOKEN:
                    body = messages.opened(connection, self._context.keys, line, row.key_id).body
                    found |= {(self._blind(word), line.seq) for word in words(_text(body))}
        return rows.Indexed(row.id, row.key_id, seq, row.last_message_at, frozenset(found))

    def find(self, text: str, *, actor: Actor, where: Where = _ANYWHERE, limit: int = 20) -> Found:
        """Give the conversations in which all of some words were said in one message, the newest first.

        Args:
            text: The words; what stands in quotation marks must stand there so.
            actor: Who searches; the access log says so, and which conversations were shown.
            where: Which conversations.
            limit: How many at the most.

        Raises:
            NotAllowed: The actor may not.
        """
        rights.check(actor, "search")
        query = understand(text)
        if not query.words:
            return Found((), too_short=True)
        with self._context.database.reading() as connection:
            wanted = rows.rarest_first(connection, [self._blind(word) for word in query.words])
            some = self._hits(connection, wanted, query, where, limit + 1)
        shown = some[:limit]
        self._log(actor, [hit.conversation.id for hit in shown])
        return Found(tuple(shown), more=len(some) > limit)

    def _hits(self, connection: sa.Connection, wanted: list[int], query: Query, where: Where, limit: int) -> list[Hit]:
        """Open what the index names, and give the newest message of each conversation that really holds the words."""
        found: dict[str, Hit] = {}
        with closing(rows.places(connection, wanted, where)) as places:
            for row in islice(places, _LOOKED_AT):
                if row.id not in found and (hit := self._hit(connection, row, query)):
                    found[row.id] = hit
                if len(found) == limit:
                    break
        return list(found.values())

    def _hit(self, connection: sa.Connection, row: Row, query: Query) -> Hit | None:
        try:
            text = _text(messages.body_of(connection, self._context.keys, row.key_id, row.body_encrypted))
        except SubjectKeyGone:
            return None
        spans = query.hits(fold(text))
        if not spans:
            return None
        return Hit(conversations.record(row), row.place_seq, Author(row.author), row.said_at, excerpt(text, spans))

    def _log(self, actor: Actor, shown: list[str]) -> None:
        with self._context.database.writing() as connection:
            hash_, at = self._context.keys.vault.blind_index, self._context.clock()
            access_log.append(connection, hash_, actor, "conversations_searched", "search", shown, at)

    def _blind(self, word: str) -> int:
        return int.from_bytes(bytes.fromhex(self._context.keys.vault.blind_index("word", word)[:16]), signed=True)


def _text(body: dict[str, object]) -> str:
    return str(body.get("text") or "")
