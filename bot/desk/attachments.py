"""Files on the desk: given to staff who are signed in and may see conversations, and taken from them."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.desk.session import Sessions
from bot.desk.sign_in import same_origin
from bot.gateway.attachments import file_response
from crm_core.crm import Crm
from crm_core.errors import InvalidInput, NotAllowed
from crm_core.settings import Settings


def router(crm: Crm, settings: Settings) -> APIRouter:
    """Give the route for files."""
    routes = APIRouter(include_in_schema=False)
    sessions = Sessions(crm, settings)

    @routes.get("/desk/attachments/{attachment_id}")
    async def attachment(request: Request, attachment_id: str) -> Response:
        agent = await asyncio.to_thread(sessions.agent, request)
        if agent is None or not crm.staff.may(agent, "desk"):
            raise HTTPException(403, "only for staff")
        actor = crm.staff.actor(agent)
        return file_response(*await asyncio.to_thread(crm.attachments.open_as, attachment_id, actor=actor))

    @routes.post("/desk/attachments")
    async def upload(request: Request, conversation: str, name: str = "") -> dict[str, Any]:
        """Keep a file (the request's whole body) for the customer of a conversation that this agent has."""
        agent = await asyncio.to_thread(sessions.agent, request)
        if agent is None or not crm.staff.may(agent, "desk") or not same_origin(request):
            raise HTTPException(403, "only for staff")
        content = await request.body()
        actor = crm.staff.actor(agent)
        try:
            kept = await asyncio.to_thread(crm.attachments.keep_as, conversation, name, content, actor=actor)
        except InvalidInput as error:
            raise HTTPException(415, str(error)) from error
        except NotAllowed as error:
            raise HTTPException(403, str(error)) from error
        return kept.described

    return routes
