"""E-mails leave through a real mail server's protocol; what is refused is tried again."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import generate_latest
from pydantic import SecretStr

from bot.gateway.mailer import Mailer, send, written
from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import Hub
from crm_core.crm import Crm
from crm_core.records.deliveries import Delivery
from crm_core.settings import Settings

DELIVERY = Delivery("d-1", "c-1", "ann@example.com", "\u60a8\u597d! It is on its way.\n.\nBye", "Mei", "en", 1)


@asynccontextmanager
async def mail_server(refuses: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Speak as much SMTP as is needed to take a message."""
    taken: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                taken.append(await reader.readuntil(b"\r\n.\r\n"))
            refused = refuses and word == b"RCPT"
            writer.write(b"550 unknown\r\n" if refused else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", taken


def with_mail(settings: Settings, url: str) -> Settings:
    return settings.model_copy(
        update={"smtp_url": SecretStr(url), "mail_from": "Shop <service@shop.example>", "public_url": "https://shop"}
    )


async def test_a_message_arrives_whole(settings: Settings) -> None:
    async with mail_server() as (url, taken):
        await asyncio.to_thread(send, DELIVERY, with_mail(settings, url))
    mail = email.message_from_bytes(taken[0].replace(b"\r\n..", b"\r\n.")[:-5], policy=email.policy.default)
    assert (mail["To"], mail["From"], mail["Message-ID"]) == (
        "ann@example.com",
        "Shop <service@shop.example>",
        "<d-1@shop.example>",
    )
    body = mail.get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
    assert body.startswith(f"{DELIVERY.text}\n\nMei\n\n")
    assert "https://shop" in body


def test_an_address_cannot_bring_in_headers_of_its_own(settings: Settings) -> None:
    evil = Delivery("d-2", "c-1", "ann@example.com\r\nBcc: all@example.com", "hello", "Mei", "en", 1)
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        written(evil, settings)


@pytest.mark.parametrize("refuses", [False, True])
async def test_the_outbox_is_told_how_it_went(
    settings: Settings, crm: Crm, monkeypatch: pytest.MonkeyPatch, refuses: bool
) -> None:
    told: list[str] = []
    monkeypatch.setattr(crm.deliveries, "take", lambda: [DELIVERY])
    monkeypatch.setattr(crm.deliveries, "sent", lambda delivery: told.append(f"{delivery.id} sent"))
    monkeypatch.setattr(
        crm.deliveries, "failed", lambda delivery, error: told.append(f"{delivery.id} {error.split(':')[0]}") or True
    )
    metrics = Metrics()
    async with mail_server(refuses) as (url, _):
        await Mailer(crm, Hub(), Offload(one_writer=True), with_mail(settings, url), metrics).deliver()
    assert told == ["d-1 SMTPRecipientsRefused" if refuses else "d-1 sent"]
    assert (
        f'rapport_deliveries_total{{end="{"dead" if refuses else "sent"}"}} 1.0'
        in generate_latest(metrics.registry).decode()
    )
