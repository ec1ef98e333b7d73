"""The composition root: the one place where the gateway's parts, its channels and the pages are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI

from bot.assistant.components.sentence_encoder import SentenceEncoder
from bot.gateway import attachments, chat, errors, health, widget_files
from bot.gateway.assistant import Assistant
from bot.gateway.channels import rest
from bot.gateway.headers import SecurityHeaders
from bot.gateway.services import AssistantLine, Services
from bot.shop import pages as shop_pages
from crm_core.crm import Crm
from crm_core.settings import Settings

_RECONNECT_SECONDS = 30  # a desk whose line was cut for no longer goes on where it was
WIDGET = Path(__file__).parent.parent / "widget"


def create_app(
    settings: Settings, *, crm: Crm | None = None, assistant: AssistantLine | None = None, pages: bool = True
) -> FastAPI:
    """Make the gateway's application.

    Args:
        settings: Of this installation.
        crm: The database's use cases; tests pass their own.
        assistant: Who answers; tests pass a stand-in.
        pages: Whether to hang on the agents' desk and the managers' insights.
    """
    services = Services.make(
        settings, crm or Crm(settings, encoder=SentenceEncoder.installed), assistant or Assistant(settings)
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await services.start()
        yield
        await services.stop()

    app = FastAPI(
        title="Rapport",
        version=version("rapport"),
        summary="A customer-service assistant that knows the customer.",
        lifespan=lifespan,
    )
    app.state.services = services
    errors.install(app)
    for part in (health, chat, attachments, rest):
        app.include_router(part.router(services))
    app.include_router(widget_files.router(WIDGET))
    app.include_router(shop_pages.router(services))
    app.add_middleware(SecurityHeaders)
    if pages:
        _hang_on_pages(app, services)
    return app


def _hang_on_pages(app: FastAPI, services: Services) -> None:
    """Add the pages of staff; NiceGUI is imported only where they are wanted."""
    from nicegui import ui

    from bot import desk, insights

    desk.register(app, services.crm, services.hub, services.settings)
    insights.register(app, services.crm)
    ui.run_with(
        app,
        title="Rapport",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=_RECONNECT_SECONDS,
    )
