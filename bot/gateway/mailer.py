"""Brings agents' answers to customers who asked for them by e-mail, from the outbox in the database."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog

from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.errors import RapportError
from crm_core.records.deliveries import Delivery
from crm_core.settings import Settings

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 2.0
_SECONDS = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


class Mailer:
    """Looks into the outbox every few seconds; several gateways may do it at once.

    Args:
        crm: The database's use cases.
        hub: Where it is announced that something was given up.
        offload: The threads for the database's calls.
        settings: The mail server and the sender.
        metrics: What is counted.
    """

    def __init__(self, crm: Crm, hub: Hub, offload: Offload, settings: Settings, metrics: Metrics) -> None:
        self._deliveries = crm.deliveries
        self._hub = hub
        self._offload = offload
        self._settings = settings
        self._metrics = metrics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, where there is a mail server."""
        if self._settings.smtp_url.get_secret_value():
            self._task = asyncio.create_task(self._look_on())

    async def stop(self) -> None:
        """End; what is under way is tried again."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def deliver(self) -> None:
        """Try what is due."""
        for delivery in await self._offload.write(self._deliveries.take):
            try:
                await asyncio.to_thread(send, delivery, self._settings)
            except (OSError, smtplib.SMTPException) as error:
                await self._failed(delivery, error)
            else:
                await self._offload.write(self._deliveries.sent, delivery)
                self._metrics.deliveries.labels("sent").inc()

    async def _failed(self, delivery: Delivery, error: Exception) -> None:
        dead = await self._offload.write(self._deliveries.failed, delivery, f"{type(error).__name__}: {error}")
        self._metrics.deliveries.labels("dead" if dead else "failed").inc()
        if dead:
            log.error("delivery_given_up", conversation_id=delivery.conversation_id, error=type(error).__name__)
            self._hub.publish(conversation_topic(delivery.conversation_id), CHANGED)
            self._hub.publish(DESK, {**CHANGED, "conversation_id": delivery.conversation_id})

    async def _look_on(self) -> None:
        while True:
            try:
                await self.deliver()
            except RapportError as error:
                log.warning("outbox_not_read", error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)


def send(delivery: Delivery, settings: Settings) -> None:
    """Hand a message to the mail server.

    Raises:
        OSError: The server cannot be reached.
        smtplib.SMTPException: It refused.
    """
    server = urlsplit(settings.smtp_url.get_secret_value())
    host, port = server.hostname or "localhost", server.port or _PORTS.get(server.scheme, 25)
    secure = ssl.create_default_context()
    connect = (
        smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=secure)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=_SECONDS)
    )
    with connect as line:
        if server.scheme == "smtp" and line.has_extn("starttls"):
            line.starttls(context=secure)
        if server.username:
            line.login(unquote(server.username), unquote(server.password or ""))
        line.send_message(written(delivery, settings))


def written(delivery: Delivery, settings: Settings) -> EmailMessage:
    """Give the e-mail; its id is the same at every try."""
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = delivery.address
    mail["Subject"] = bot_phrases.say(delivery.language, "mail-subject")
    mail["Message-ID"] = f"<{delivery.id}@{settings.mail_from.rpartition('@')[2].rstrip('>') or 'rapport'}>"
    parts = [delivery.text, delivery.agent_name]
    if settings.public_url:
        parts.append(bot_phrases.say(delivery.language, "mail-chat", address=settings.public_url))
    mail.set_content("\n\n".join(parts))
    return mail
