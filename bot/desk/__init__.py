"""The agents' desk, and what it shares with the managers' pages: sign-in, frame, words, pieces."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI, Request

from bot.desk import attachments, frame, page, replies, search, sign_in, team, transcript
from bot.desk.lists import SharedReading
from bot.gateway.push import Hub
from crm_core.crm import Crm
from crm_core.settings import Settings

__all__ = ["register"]


def register(app: FastAPI, crm: Crm, hub: Hub, settings: Settings | None = None) -> None:
    """Add the desk and the sign-in page to the gateway's application; call it before `ui.run_with`.

    Args:
        app: The application.
        crm: The library.
        hub: The live push.
        settings: Session secret, rate limits, time zone, language; those of `crm` by default.
    """
    settings = settings or crm.settings
    sign_in.register(app, crm, settings)
    app.include_router(attachments.router(crm, settings))
    frame.add_page("/desk", "desk", crm, settings, "page-desk", partial(_build, hub, SharedReading()))
    transcript.register(app, crm, settings)
    frame.add_page(replies.PATH, "replies", crm, settings, "page-replies", replies.build)
    frame.add_page(team.PATH, "assign", crm, settings, "page-assign", team.build)
    frame.add_page(search.PATH, "search", crm, settings, "page-search", search.build)


async def _build(hub: Hub, shared: SharedReading, visit: frame.Visit, request: Request) -> None:
    await page.build(visit, request, hub, shared)
