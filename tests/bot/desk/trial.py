"""The staff pages alone on a small application, with a customer who is played over HTTP: for the browser tests.

Run as `python tests/bot/desk/trial.py <home> <port>`; the database in the home must be migrated.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from bot import desk, insights
from bot.gateway import push, wire
from crm_core.crm import Crm
from crm_core.settings import Settings


def trial_app(crm: Crm, settings: Settings) -> FastAPI:
    """Put the staff pages on an application of their own."""
    app = FastAPI()
    hub = push.Hub()

    @app.post("/customer/{conversation_id}/says")
    def says(conversation_id: str, body: dict[str, Any]) -> None:
        accepted = crm.conversations.accept(conversation_id, body)
        hub.publish(push.conversation_topic(conversation_id), wire.message_event(accepted.message))
        hub.publish(push.DESK, push.CHANGED)

    @app.post("/customer/{conversation_id}/asks-for-a-person")
    def asks(conversation_id: str) -> None:
        crm.conversations.request_handoff(conversation_id, "asked", requested_by="customer")
        hub.publish(push.conversation_topic(conversation_id), push.CHANGED)
        hub.publish(push.DESK, push.CHANGED)

    @app.post("/customer/{conversation_id}/types")
    def types(conversation_id: str) -> None:
        hub.publish(push.conversation_topic(conversation_id), wire.typing_event("customer"))

    desk.register(app, crm, hub, settings)
    insights.register(app, crm, settings)
    ui.run_with(app, show_welcome_message=False, tailwind=False)
    return app


if __name__ == "__main__":
    chosen = Settings.load(home=Path(sys.argv[1]))
    uvicorn.run(trial_app(Crm(chosen), chosen), port=int(sys.argv[2]), log_level="warning")
