"""Customers' files on the desk: given to staff who are signed in and may see conversations."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.desk.session import Sessions
from bot.gateway.attachments import file_response
from crm_core.crm import Crm
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

    return routes
