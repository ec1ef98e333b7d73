"""Files of customers and agents: checked, sealed under the conversation's key, given to those whom they concern."""

from __future__ import annotations

import uuid

from crm_core.clock import new_id
from crm_core.conversations.attachments import clean_name, type_of
from crm_core.errors import AttachmentNotFound
from crm_core.privacy import rights
from crm_core.records.conversations import Attachment
from crm_core.records.people import Actor
from crm_core.storage import access_log, conversations
from crm_core.storage import attachments as rows
from crm_core.storage.keys import SubjectKeyGone
from crm_core.use_cases.context import Context


class Attachments:
    """The files of conversations.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._folder = rows.Folder(context.settings.home / "attachments")

    def keep(self, conversation_id: str, name: str, content: bytes) -> Attachment:
        """Keep a file of a conversation; the message that shows it follows.

        Args:
            conversation_id: Whose file it is; erasing the conversation's key erases it.
            name: As the customer calls it.
            content: The whole file.

        Raises:
            InvalidInput: It is too large, or neither a picture nor a PDF.
            ConversationNotFound: There is none.
            StorageUnavailable: The disk or the database refuses.
        """
        made = Attachment(new_id(), conversation_id, clean_name(name), type_of(content), len(content))
        keys = self._context.keys
        with self._context.database.reading() as connection:
            key_id = conversations.by_id(connection, conversation_id).key_id
            sealed, sealed_name = keys.seal_file(connection, key_id, content), keys.seal(connection, key_id, made.name)
        self._folder.write(made.id, sealed)
        row = {
            "id": made.id,
            "conversation_id": conversation_id,
            "name_encrypted": sealed_name,
            "type": made.type,
            "size": made.size,
            "created_at": self._context.clock(),
        }
        with self._context.database.writing() as connection:
            rows.insert(connection, row)
        return made

    def keep_as(self, conversation_id: str, name: str, content: bytes, *, actor: Actor) -> Attachment:
        """Keep a file of the person who has a conversation; see `keep`.

        Raises:
            NotAllowed: The conversation is not this person's.
        """
        rights.check(actor, "desk")
        with self._context.database.reading() as connection:
            conversations.ownership(conversations.by_id(connection, conversation_id)).check_may_write(actor.id)
        return self.keep(conversation_id, name, content)

    def get(self, attachment_id: str, *, channel: str | None = None, external_id: str | None = None) -> Attachment:
        """Give what is known of a file.

        Args:
            attachment_id: Which file.
            channel: Where it must have come from; None for staff.
            external_id: Who must have sent it there.

        Raises:
            AttachmentNotFound: There is none, it was erased, or it is somebody else's.
        """
        return self._read(attachment_id, channel, external_id, whole=False)[0]

    def open(
        self, attachment_id: str, *, channel: str | None = None, external_id: str | None = None
    ) -> tuple[Attachment, bytes]:
        """Give a file with its content; see `get`."""
        return self._read(attachment_id, channel, external_id, whole=True)

    def open_as(self, attachment_id: str, *, actor: Actor) -> tuple[Attachment, bytes]:
        """Give a file with its content to a member of staff; the access log says so before it is given.

        Raises:
            NotAllowed: The actor may not.
            AttachmentNotFound: There is none, or it was erased.
        """
        rights.check(actor, "desk")
        found = self.open(attachment_id)
        with self._context.database.writing() as connection:
            whose = conversations.by_id(connection, found[0].conversation_id).customer_id
            hash_, at = self._context.keys.vault.blind_index, self._context.clock()
            access_log.append(connection, hash_, actor, "attachment_opened", whose, (found[0].id,), at)
        return found

    def _read(
        self, attachment_id: str, channel: str | None, external_id: str | None, *, whole: bool
    ) -> tuple[Attachment, bytes]:
        keys = self._context.keys
        with self._context.database.reading() as connection:
            row = rows.by_id(connection, _checked(attachment_id))
            if row is None or (channel is not None and (row.channel, row.external_id) != (channel, external_id)):
                raise AttachmentNotFound(attachment_id)
            sealed = self._folder.read(row.id) if whole else b""
            if sealed is None:
                raise AttachmentNotFound(attachment_id)
            try:
                found = rows.opened(connection, keys, row)
                content = keys.open_file(connection, row.key_id, sealed) if whole else b""
            except SubjectKeyGone as error:
                raise AttachmentNotFound(attachment_id) from error
        return found, content


def _checked(attachment_id: str) -> str:
    try:
        return str(uuid.UUID(attachment_id))
    except ValueError as error:
        raise AttachmentNotFound(attachment_id) from error
