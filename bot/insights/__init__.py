"""The managers' insights."""

from __future__ import annotations

from fastapi import FastAPI

from bot.desk import frame, sign_in
from bot.insights import export, knowledge, page
from crm_core.crm import Crm
from crm_core.settings import Settings

__all__ = ["register"]


def register(app: FastAPI, crm: Crm, settings: Settings | None = None) -> None:
    """Add the insights to the gateway's application; call it before `ui.run_with`.

    Args:
        app: The application.
        crm: The library.
        settings: Session secret, time zone, language; those of `crm` by default.
    """
    settings = settings or crm.settings
    sign_in.register(app, crm, settings)
    export.register(app, crm, settings)
    frame.add_page("/insights", "insights", crm, settings, "page-insights", page.build)
    knowledge.register(crm, settings)
