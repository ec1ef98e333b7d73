"""Which connector reads what a person points at: a file, a folder, a mailbox, a database."""

from __future__ import annotations

from pathlib import Path

from crm_core.errors import InvalidInput
from crm_core.intake.chunks import Connector
from crm_core.intake.folders import File, Folder
from crm_core.intake.mailboxes import MAIL_FILES, ImapMailbox, MailFile
from crm_core.storage.other_database import Query

_IMAP = ("imap://", "imaps://")


def connector(where: str, query: str = "", cursor: str = "", password: str = "") -> Connector:
    """Give the connector for what was pointed at.

    Args:
        where: A file, a folder, `imap(s)://user@host/mailbox`, or the SQLAlchemy URL of a database.
        query: What is read of a database.
        cursor: The column of the query that tells what is new.
        password: The mailbox's, where the URL has none.

    Raises:
        InvalidInput: It is none of them.
    """
    if where.startswith(_IMAP):
        return ImapMailbox(where, password)
    if "://" in where:
        return Query(where, query, cursor)
    if query:
        raise InvalidInput("query", query, "is for a database, and this is none")
    path = Path(where)
    if path.is_dir():
        return Folder(path)
    return MailFile(path) if path.suffix.lower() in MAIL_FILES else File(path)
