"""Connectors for e-mail: mbox and EML files, and mailboxes on an IMAP server (RFC 3501, 9051).

Each message is a row with `message_id`, `from_email`, `from_name`, `to`, `subject`, `date`, `text` and `in_reply_to`.
From a server a second run takes only messages with a greater UID; when the server numbers anew (another UIDVALIDITY),
everything is read again, and what is known by its Message-ID adds nothing.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import imaplib
import json
import mailbox
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np

from crm_core.errors import InvalidInput, StorageUnavailable
from crm_core.intake.chunks import Chunk, Part, Source
from crm_core.intake.folders import digest
from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

MAIL_FILES = (".mbox", ".eml")
COLUMNS = ("message_id", "from_email", "from_name", "to", "subject", "date", "text", "in_reply_to")
_AT_ONCE = 200  # messages in a chunk, each of which may be large
_MESSAGE_MOST = 20 << 20  # bytes
_TEXT_MOST = 10_000  # characters that are kept of a message
_SECONDS = 30  # to wait for the server
_QUOTED = re.compile(r"^(>.*|On .{5,200} wrote:|-{2,} ?Original Message.*)$", re.MULTILINE)
Letter = tuple[int, bytes | None, str]  # line or UID, the message or None when it is too large, cursor


class MailFile:
    """The messages of an mbox file, or one EML file.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InvalidInput("file", str(path), "is not there")
        self._path = path

    def parts(self) -> Iterator[Part]:
        """Give the file."""
        yield Part(self._path.name, str(self._path.resolve()), self._open, digest(self._path), again=True)

    @contextmanager
    def _open(self, _mapping: Mapping | None, _cursor: str) -> Iterator[Source]:
        if self._path.suffix.lower() == ".eml":
            yield Source(list(COLUMNS), 1, partial(_chunks, [(1, self._path.read_bytes(), "")]))
            return
        box = mailbox.mbox(self._path, create=False)
        try:
            keys = box.keys()
            if not keys:
                raise InvalidInput("file", str(self._path), "holds no messages: an mbox begins with 'From '")
            letters = ((at, box.get_bytes(key), "") for at, key in enumerate(keys, 1))
            yield Source(list(COLUMNS), len(keys), partial(_chunks, letters))
        finally:
            box.close()


class ImapMailbox:
    """A mailbox on a server; it is read without marking anything as seen.

    Args:
        url: `imaps://user@host:993/INBOX`; with `imap://` the connection is made safe by STARTTLS where the server can.
        password: The password, where the URL has none.

    Raises:
        InvalidInput: The URL names no host or user.
    """

    def __init__(self, url: str, password: str = "") -> None:
        parts = urlsplit(url)
        self._host, self._user = parts.hostname or "", unquote(parts.username or "")
        if not self._host or not self._user:
            raise InvalidInput("url", f"{parts.scheme}://{self._host}", "must name a user and a host")
        self._safe = parts.scheme == "imaps"
        self._port = parts.port or (993 if self._safe else 143)
        self._password = unquote(parts.password or "") or password
        self._box = unquote(parts.path.strip("/")) or "INBOX"

    def parts(self) -> Iterator[Part]:
        """Give the mailbox."""
        place = f"{self._user}@{self._host}:{self._port}/{self._box}"
        yield Part(self._box, f"imap:{hashlib.sha256(place.encode()).hexdigest()[:16]}", self._open)

    @contextmanager
    def _open(self, _mapping: Mapping | None, cursor: str) -> Iterator[Source]:
        where = f"imap server {self._host}:{self._port}"
        try:
            server = self._connected()
            try:
                validity, uids = self._new(server, json.loads(cursor) if cursor else ["", 0])
                letters = ((uid, _fetched(server, uid), json.dumps([validity, uid])) for uid in uids)
                yield Source(list(COLUMNS), len(uids), partial(_chunks, letters), may_be_empty=True)
            finally:
                _leave(server)
        except imaplib.IMAP4.error as error:
            raise StorageUnavailable(f"{where}: {error}") from error
        except OSError as error:
            raise StorageUnavailable(f"{where} cannot be reached: {error}") from error

    def _connected(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self._safe:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=_SECONDS)
        else:
            server = imaplib.IMAP4(self._host, self._port, timeout=_SECONDS)
        try:
            if not self._safe and "STARTTLS" in server.capabilities:
                server.starttls(context)
            server.login(self._user, self._password)
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()
            raise
        return server

    def _new(self, server: imaplib.IMAP4, cursor: list[Any]) -> tuple[str, list[int]]:
        """Give the mailbox's UIDVALIDITY and the UIDs beyond the cursor."""
        status, answer = server.select(f'"{self._box}"', readonly=True)
        if status != "OK":
            raise InvalidInput("mailbox", self._box, f"cannot be opened: {_text(answer)}")
        validity = _text(server.response("UIDVALIDITY")[1])
        last = int(cursor[1]) if cursor[0] == validity else 0
        _, found = server.uid("SEARCH", f"UID {last + 1}:*")
        uids = sorted(int(uid) for uid in _text(found).split())
        return validity, [uid for uid in uids if uid > last]  # "n:*" gives the last message even when it is below n


def _fetched(server: imaplib.IMAP4, uid: int) -> bytes | None:
    _, size = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in size if isinstance(part, bytes)))
    if found and int(found[1]) > _MESSAGE_MOST:
        return None
    _, answer = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        return  # it is gone already, and what was wrong is told by what came before


def _text(answer: Iterable[Any]) -> str:
    return " ".join(part.decode(errors="replace") for part in answer if isinstance(part, bytes))


def _chunks(letters: Iterable[Letter]) -> Iterator[Chunk]:
    found = iter(letters)
    while block := list(islice(found, _AT_ONCE)):
        read = [(at, _row(content)) for at, content, _ in block if content is not None]
        large = [(Rejection(at, "", f"> {_MESSAGE_MOST >> 20} MB", "too_long"), [str(at)])
                 for at, content, _ in block if content is None]  # fmt: skip
        columns = {name: np.asarray([row[name] for _, row in read], dtype=object) for name in COLUMNS}
        yield Chunk(columns, np.asarray([at for at, _ in read], dtype=np.int64), large, block[-1][2])


def _row(content: bytes) -> dict[str, Any]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    name, address = next(iter(getaddresses([_header(message, "From")])), ("", ""))
    return {
        "message_id": _header(message, "Message-ID").strip() or hashlib.sha256(content).hexdigest(),
        "from_email": address,
        "from_name": name,
        "to": _header(message, "To"),
        "subject": _header(message, "Subject"),
        "date": _date(_header(message, "Date")),
        "text": _body(message),
        "in_reply_to": _header(message, "In-Reply-To").strip(),
    }


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # the standard library fails on some broken headers
        return ""


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return text


def _body(message: EmailMessage) -> str:
    """Give what the sender wrote: the plain text, else the HTML's words, without what is quoted."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError, AttributeError):  # an unknown or wrong encoding
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/html":
        words = _Words()
        words.feed(text)
        text = " ".join(words.found)
    own = _QUOTED.split(text, maxsplit=1)[0].strip()
    return (own or text.strip())[:_TEXT_MOST]


class _Words(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if data.strip() and self._hidden <= 0:
            self.found.append(data.strip())
