"""A part of the running product is killed in mid-conversation: nothing is lost, and the part comes back."""

from __future__ import annotations

import time
import uuid

import httpx
import psutil
import pytest

from benchmarks.product import Product
from crm_core.crm import Crm
from crm_core.records.conversations import Author, Message

pytestmark = pytest.mark.system
WAIT_SECONDS = 120


def process_of(product: Product, mark: str) -> psutil.Process:
    """Give the running part whose command holds a mark."""
    home = str(product.home)
    for process in psutil.process_iter(["cmdline", "environ"]):
        command = " ".join(process.info["cmdline"] or [])
        if mark in command and home in (process.info["environ"] or {}).get("RAPPORT_HOME", ""):
            return process
    raise AssertionError(f"no process {mark}")


def answers(database: Crm, sender: str, count: int) -> list[Message]:
    """Wait until a sender's conversation has some answers of the bot, and give the whole log."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        conversation = database.conversations.current("rest", sender)
        said = database.conversations.messages(conversation.id) if conversation else []
        if sum(line.author is Author.BOT for line in said) >= count:
            return said
        time.sleep(0.5)
    raise AssertionError(f"no {count} answers within {WAIT_SECONDS} s")


def test_the_assistant_killed_in_mid_conversation_costs_no_message(product: Product, database: Crm) -> None:
    sender = str(uuid.uuid4())
    webhook = f"{product.address}/webhooks/rest/webhook"
    httpx.post(webhook, json={"sender": sender, "message": "where is my order?"}, timeout=60).raise_for_status()
    process_of(product, "bot.assistant run").kill()
    late = httpx.post(webhook, json={"sender": sender, "message": "never mind"}, timeout=60)
    assert late.status_code == 200
    said = answers(database, sender, count=2)
    assert [line.seq for line in said] == list(range(1, len(said) + 1))
    asked = [line for line in said if line.author is Author.CUSTOMER]
    assert [line.body["text"] for line in asked] == ["where is my order?", "never mind"]
    # The form that was open before is still known after it: it is left politely, not "nothing to stop".
    assert [line.answers_id for line in said if line.author is Author.BOT][-1] == asked[-1].id


def test_a_port_that_is_taken_is_said_with_the_setting_that_moves_it(product: Product) -> None:
    second = Product(product.home.parent / "second", {"port": str(product.port)})
    with pytest.raises(RuntimeError, match="RAPPORT_PORT"):
        second.start()
