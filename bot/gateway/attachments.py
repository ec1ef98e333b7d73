"""Files of the chat's visitors: taken in, and given back to nobody but the visitor."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.security.utils import get_authorization_scheme_param
from starlette.responses import Response

from bot.gateway.chat import CHANNEL
from bot.gateway.errors import Refused
from bot.gateway.identity import AnotherCustomer, Identity
from bot.gateway.services import Services
from crm_core.conversations.attachments import MAX_BYTES
from crm_core.errors import AttachmentNotFound, InvalidInput
from crm_core.records.conversations import Attachment, Conversation


def router(services: Services) -> APIRouter:
    """Give the routes for files; the visitor's token comes as bearer token, the customer's in `X-Customer-Token`."""
    routes = APIRouter(prefix="/chat/attachments", tags=["chat"])
    visitors = _Visitors(services)

    @routes.post("")
    async def upload(request: Request, name: str = "") -> dict[str, Any]:
        """Keep a file (the request's whole body); a message with the id that this gives shows it."""
        visitor, customer_id = await visitors.of(request)
        await services.limits.upload(visitor)
        conversation = await visitors.conversation(visitor, customer_id)
        content = await request.body()
        keep = services.crm.attachments.keep  # mostly sealing and the disk: not in the one thread that writes
        try:
            return (await services.offload.read(keep, conversation.id, name, content)).described
        except InvalidInput as error:
            raise Refused("attachment", 415, megabytes=MAX_BYTES // 1_000_000) from error

    @routes.get("/{attachment_id}")
    async def download(request: Request, attachment_id: str) -> Response:
        """Give a file back to the visitor who sent it."""
        visitor, customer_id = await visitors.of(request)
        open_ = services.crm.attachments.open
        found, content = await services.offload.read(open_, attachment_id, channel=CHANNEL, external_id=visitor)
        get = services.crm.conversations.get
        try:
            visitors.identity.check(await services.offload.read(get, found.conversation_id), customer_id)
        except AnotherCustomer as error:
            raise AttachmentNotFound(attachment_id) from error
        return file_response(found, content)

    return routes


def file_response(found: Attachment, content: bytes) -> Response:
    """Give a file as it may be shown: with the type that its bytes have, kept by nobody but this browser."""
    kind = "inline" if found.type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(content, media_type=found.type, headers=headers)


class _Visitors:
    """Who a request comes from.

    Args:
        services: The gateway's parts.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.identity = Identity(services.crm, services.tokens, services.offload)

    async def of(self, request: Request) -> tuple[str, str | None]:
        """Give the visitor, and the customer who is signed in.

        Raises:
            TokenInvalid: One of the tokens is not good.
        """
        _, token = get_authorization_scheme_param(request.headers.get("authorization"))
        visitor = self._services.tokens.visitor(token)
        return visitor, await self.identity.customer(request.headers.get("x-customer-token"))

    async def conversation(self, visitor: str, customer_id: str | None) -> Conversation:
        """Give the visitor's open conversation, begun with this file where there is none.

        Raises:
            AnotherCustomer: It belongs to a customer who is not signed in here.
        """
        conversations, offload = self._services.crm.conversations, self._services.offload
        latest = await self.identity.admit(await offload.read(conversations.current, CHANNEL, visitor), customer_id)
        if latest is not None and latest.status == "open":
            return latest
        return await offload.write(
            conversations.open,
            CHANNEL,
            visitor,
            language=latest.language if latest else self._services.settings.language,
            customer_id=customer_id,
            verified=customer_id is not None,
        )
