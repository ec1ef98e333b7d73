"""The agents' desk, and what it shares with the managers' pages: sign-in, frame, words, pieces."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI, Request

from bot.desk import frame, page, sign_in
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
    frame.add_page("/desk", "desk", crm, settings, "page-desk", partial(_build, hub))


async def _build(hub: Hub, visit: frame.Visit, request: Request) -> None:
    await page.build(visit, request, hub)
