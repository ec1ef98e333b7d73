"""Letters come in from files and from a real IMAP server (pymap), each once, and only new ones the next time."""

from __future__ import annotations

import imaplib
import mailbox
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, StorageUnavailable
from crm_core.intake.entities import entity
from crm_core.intake.mailboxes import ImapMailbox
from crm_core.intake.mapping import parse_mapping
from crm_core.intake.report import ImportReport
from crm_core.storage.keys import KeyRing
from crm_core.use_cases.importing.connectors import connector
from tests.crm_core.intake.test_importing import rows, tables

LETTERS = parse_mapping(
    {"columns": {"external_id": "message_id", "email": "from_email", "name": "from_name", "created_at": "date",
                 "text": "text"}}, entity("feedback"))  # fmt: skip
PASSWORD = "test-password"


def letter(number: int, text: str = "Where is my parcel?", sender: str = "Ann Lee <ann@example.com>") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = f"<{number}@example.com>"
    message["From"] = sender
    message["To"] = "service@shop.example"
    message["Subject"] = "订单"
    message["Date"] = f"Mon, 0{number} Mar 2026 10:00:00 +0800"
    message.set_content(text)
    return message


def texts(crm: Crm) -> set[str]:
    keys: KeyRing = crm._context.keys
    with crm.database.reading() as connection:
        return {keys.open(connection, row.key_id, row.text_encrypted) for row in rows(crm, tables.feedback)}


def read(crm: Crm, where: str, password: str = "") -> list[ImportReport]:
    return list(crm.intake.run_all(connector(where, password=password), "feedback", LETTERS, "mail"))


def test_an_mbox_becomes_feedback_of_its_senders(crm: Crm, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "in.mbox")
    box.add(letter(1))
    box.add(letter(2, "很慢\n\nOn Mon, 1 Mar 2026, Shop wrote:\n> Sorry"))
    html = letter(3)
    html.set_content("<p>Lovely <b>mug</b></p><script>bad()</script>", subtype="html")
    box.add(html)
    box.close()
    (report,) = read(crm, str(tmp_path / "in.mbox"))
    assert (report.accepted, report.created["customers"]) == (3, 1)
    assert texts(crm) == {"Where is my parcel?", "很慢", "Lovely mug"}
    (again,) = read(crm, str(tmp_path / "in.mbox"))
    assert (again.accepted, again.known) == (0, 3)


def test_an_eml_in_chinese_encoding_is_read(crm: Crm, tmp_path: Path) -> None:
    message = letter(1)
    message.set_content("包裹还没到", charset="gb18030")
    (tmp_path / "one.eml").write_bytes(bytes(message))
    read(crm, str(tmp_path / "one.eml"))
    assert texts(crm) == {"包裹还没到"}


def test_a_letter_without_date_or_text_is_told_and_the_others_are_taken(crm: Crm, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "in.mbox")
    box.add(b"From: nobody\nDate: 99 Foo\n\n")
    box.add(letter(2))
    box.close()
    (report,) = read(crm, str(tmp_path / "in.mbox"))
    assert (report.accepted, report.rejected) == (1, 1)
    assert report.reasons["rejected"] == {"missing": 1}


def test_what_is_no_mailbox_is_refused(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "x.mbox").write_text("hello", "utf-8")
    with pytest.raises(InvalidInput, match="holds no messages"):
        read(crm, str(tmp_path / "x.mbox"))
    with pytest.raises(InvalidInput, match="is not there"):
        read(crm, str(tmp_path / "y.mbox"))
    with pytest.raises(InvalidInput, match="must name a user"):
        ImapMailbox("imaps://host/INBOX")


@pytest.fixture(scope="module")
def running() -> Iterator[int]:
    """A real IMAP server; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("pymap"))
    words = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict", "--demo-data"]
    words += ["--demo-user", "ann", "--demo-password", PASSWORD]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    try:
        _until_open(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def server(running: int) -> int:
    """The server with an empty mailbox."""
    _empty(running)
    return running


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the IMAP server did not start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the IMAP server does not answer")


def _signed_in(port: int) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("ann", PASSWORD)
    return client


def _empty(port: int) -> None:
    client = _signed_in(port)
    client.select("INBOX")
    if client.search(None, "ALL")[1] != [b""]:
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    client.logout()


def deliver(port: int, *messages: EmailMessage) -> None:
    client = _signed_in(port)
    for message in messages:
        client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), bytes(message))
    client.logout()


def test_a_second_run_takes_only_new_letters_from_the_server(crm: Crm, server: int) -> None:
    where = f"imap://ann@127.0.0.1:{server}/INBOX"
    assert [report.rows_read for report in read(crm, where, PASSWORD)] == [0]
    deliver(server, letter(1), letter(2, "Lovely", "Bob <bob@example.com>"))
    (first,) = read(crm, where, PASSWORD)
    assert (first.accepted, first.created["customers"]) == (2, 2)
    deliver(server, letter(3, "还没到"))
    (second,) = read(crm, where, PASSWORD)
    assert (second.rows_read, second.accepted) == (1, 1)
    assert texts(crm) == {"Where is my parcel?", "Lovely", "还没到"}
    assert [report.rows_read for report in read(crm, where, PASSWORD)] == [0]


def test_letters_are_not_marked_as_seen(crm: Crm, server: int) -> None:
    deliver(server, letter(1))
    read(crm, f"imap://ann@127.0.0.1:{server}/INBOX", PASSWORD)
    client = _signed_in(server)
    client.select("INBOX")
    assert client.search(None, "UNSEEN")[1] == [b"1"]
    client.logout()


def test_a_wrong_password_an_unknown_mailbox_and_a_dead_server_are_told(crm: Crm, server: int) -> None:
    with pytest.raises(StorageUnavailable, match="imap server"):
        read(crm, f"imap://ann@127.0.0.1:{server}/INBOX", "wrong")
    with pytest.raises(InvalidInput, match="Nowhere"):
        read(crm, f"imap://ann@127.0.0.1:{server}/Nowhere", PASSWORD)
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        read(crm, "imap://ann@127.0.0.1:9/INBOX", PASSWORD)
