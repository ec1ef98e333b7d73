"""Ready-made replies: kept by supervisors, chosen by whoever answers, with what is known put into their places."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from babel.dates import format_date

from crm_core.conversations import canned
from crm_core.conversations.canned import ReplyInvalid
from crm_core.errors import Conflict, InvalidInput, NotFound
from crm_core.language import LANGUAGES, locale_of
from crm_core.phrases import crm_phrases
from crm_core.privacy import rights
from crm_core.records.desk import CannedReply
from crm_core.records.people import SYSTEM, Actor
from crm_core.storage import access_log, conversations, customers, orders, staff, turns
from crm_core.storage import canned_replies as rows
from crm_core.storage.keys import SubjectKeyGone
from crm_core.storage.messages import Row
from crm_core.use_cases.context import Context


class ReplyNotFound(NotFound):
    """No such ready-made reply."""

    what = "reply"


class CannedReplies:
    """The use cases of ready-made replies.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def all(self) -> list[CannedReply]:
        """Give every reply, by shortcut."""
        with self._context.database.reading() as connection:
            return rows.everything(connection)

    def load(self, folder: Path) -> int:
        """Bring in the replies of a folder's `replies.toml` that were never there; the others stay as people left them.

        Returns:
            How many are new; none where there is no such file.

        Raises:
            InvalidInput: The file cannot be read; ReplyInvalid: one of its replies cannot be used.
        """
        path = folder / "replies.toml"
        if not path.exists():
            return 0
        try:
            found: dict[str, dict[str, str]] = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise InvalidInput("replies", path.name, f"is not TOML: {error}") from error
        for shortcut, texts in found.items():
            canned.check(shortcut, texts)
        with self._context.database.writing() as connection:
            return rows.add_new(connection, found, SYSTEM.id, self._context.clock())

    def save(self, shortcut: str, texts: Mapping[str, str], *, actor: Actor, known: CannedReply | None) -> CannedReply:
        """Keep a reply.

        Args:
            shortcut: What is typed after the slash.
            texts: Language → text; a reply without one language is given in the other.
            actor: Who keeps it.
            known: The state that was edited; None for a new reply.

        Raises:
            NotAllowed: The actor may not.
            ReplyInvalid: Something in it cannot be accepted; it names the field.
            Conflict: Somebody changed it meanwhile.
        """
        rights.check(actor, "replies")
        shortcut = known.shortcut if known else canned.tidy_shortcut(shortcut)
        written = {language: texts.get(language, "").replace("\r\n", "\n").strip() for language in LANGUAGES}
        tidy = {language: text for language, text in written.items() if text}
        canned.check(shortcut, tidy)
        with self._context.database.writing() as connection:
            before = rows.by_shortcut(connection, shortcut)
            if known is None and before is not None:
                raise ReplyInvalid("shortcut", shortcut, "taken")
            if known != before:
                raise Conflict(f"reply {shortcut!r} was changed meanwhile")
            at = self._context.clock()
            rows.save(connection, shortcut, tidy, actor.id, at)
            return CannedReply(shortcut, tidy, actor.id, at)

    def delete(self, shortcut: str, *, actor: Actor) -> None:
        """Take a reply away.

        Raises:
            NotAllowed: The actor may not.
            ReplyNotFound: There is none.
        """
        rights.check(actor, "replies")
        with self._context.database.writing() as connection:
            if not rows.delete(connection, shortcut, actor.id, self._context.clock()):
                raise ReplyNotFound(shortcut)

    def fill(self, shortcut: str, conversation_id: str, *, actor: Actor) -> str:
        """Give a reply in the customer's language with its places filled; what is not known stays as a place.

        The customer's name is used only by whoever may see it whole, and that is kept in the access log; anybody else
        gets a friendly word in its place.

        Args:
            shortcut: Which reply.
            conversation_id: For which conversation.
            actor: Who is about to say it.

        Raises:
            NotAllowed: The actor may not answer customers.
            ReplyNotFound: There is no such reply.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        with self._context.database.writing(durable=False) as connection:
            reply = rows.by_shortcut(connection, shortcut)
            if reply is None:
                raise ReplyNotFound(shortcut)
            talk = conversations.by_id(connection, conversation_id)
            text = reply.text(talk.language)
            wanted = canned.unfilled(text)
            values = {
                "agent_name": staff.by_id(connection, actor.id).name,
                "order_number": self._order_number(connection, talk),
                "today": self._today(talk.language),
            }
            if "customer_name" in wanted:
                values["customer_name"] = self._customer_name(connection, talk, actor)
            return canned.filled(text, values)

    def _today(self, language: str) -> str:
        today = self._context.clock().astimezone(ZoneInfo(self._context.settings.timezone)).date()
        return str(format_date(today, "long", locale=locale_of(language)))

    def _order_number(self, connection: sa.Connection, talk: Row) -> str:
        """Give the order that the talk is about, else the customer's newest."""
        for turn in reversed(turns.of_conversation(connection, talk.id)):
            if number := (turn.trace.get("slots") or {}).get("order_number"):
                return str(number)
        newest = orders.of_customer(connection, talk.customer_id, 1)
        return newest[0].number if newest else ""

    def _customer_name(self, connection: sa.Connection, talk: Row, actor: Actor) -> str:
        nameless = crm_phrases.say(talk.language, "canned-customer")
        customer = customers.by_id(connection, talk.customer_id)
        if customer.name_encrypted is None or not rights.may(actor.role, "unmask"):
            return nameless
        try:
            name = self._context.keys.open(connection, customer.key_id, customer.name_encrypted)
        except SubjectKeyGone:
            return nameless
        hash_, at = self._context.keys.vault.blind_index, self._context.clock()
        access_log.append(connection, hash_, actor, "customer_name_used", customer.id, ("name",), at)
        return name or nameless
