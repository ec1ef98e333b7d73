"""The gateway's own Rasa channel: one call a turn, answered with the replies and how they came about."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError

from bot.assistant.action_endpoint import ActionEndpoint
from bot.assistant.levers import (
    answer_check,
    event_lookup,
    graph_runner,
    past_states,
    rule_index,
    slot_copies,
    switches,
)
from bot.assistant.levers.switches import Lever
from bot.assistant.turns import CHANNEL, Heard, TurnFailed, Turns

logger = logging.getLogger(__name__)

ACTIONS_URL = "http://127.0.0.1:5055/webhook"
ACTION_SECONDS = 8.0
LANGUAGES = ("en", "zh")
LONGEST_TEXT = 16_000
LONGEST_ID = 128
_PARTS = {
    Lever.VALIDATOR: answer_check,
    Lever.EVENTS: event_lookup,
    Lever.STATES: past_states,
    Lever.RULES: rule_index,
    Lever.SLOTS: slot_copies,
}


class BadBody(ValueError):
    """The request's body is not a turn; the message names the field."""


def read_turn(body: Any) -> Heard:
    """Make a `Heard` of a request's body.

    Raises:
        BadBody: A field is missing or of the wrong kind.
    """
    if not isinstance(body, dict):
        raise BadBody("the body must be a JSON object")
    for field in ("conversation_id", "message_id"):
        if not isinstance(body.get(field), str) or not 0 < len(body[field]) <= LONGEST_ID:
            raise BadBody(f"{field} must be a text of 1 to {LONGEST_ID} characters")
    text, payload, language = body.get("text"), body.get("payload"), body.get("language")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not (text.strip() or payload):
        raise BadBody(f"text must be a text of 1 to {LONGEST_TEXT} characters")
    if payload is not None and not (isinstance(payload, str) and payload.startswith("/")):
        raise BadBody("payload must be null or begin with /")
    if language not in LANGUAGES:
        raise BadBody(f"language must be one of {', '.join(LANGUAGES)}")
    return Heard(body["conversation_id"], body["message_id"], text, language, payload)


class GatewayChannel(InputChannel):  # type: ignore[misc]
    """`POST /webhooks/gateway/turn` for turns, `GET /webhooks/gateway/` for health.

    Args:
        token: What the gateway must show; without one every call is refused.
        actions_url: The action server's webhook.
        action_seconds: The longest wait for one action.
        levers: Which of our quicker parts stand in Rasa's places.
    """

    def __init__(
        self,
        token: str,
        actions_url: str = ACTIONS_URL,
        action_seconds: float = ACTION_SECONDS,
        levers: Collection[Lever] = switches.ALL,
    ) -> None:
        self._token = token
        self._actions_url = actions_url
        self._action_seconds = action_seconds
        self._levers = levers
        for lever, part in _PARTS.items():
            if lever in levers:
                part.install()
        self._turns = Turns()
        self._running: set[asyncio.Task[dict[str, Any]]] = set()

    @classmethod
    def name(cls) -> str:
        """Return the name in the channel's address."""
        return CHANNEL

    @classmethod
    def from_credentials(
        cls, credentials: dict[str, Any] | None, environment: Mapping[str, str] = os.environ
    ) -> GatewayChannel:
        """Make the channel from the environment, which Rasa's own `${…}` would read without defaults."""
        token = environment.get("RAPPORT_ASSISTANT_TOKEN", "")
        if not token:
            logger.error("RAPPORT_ASSISTANT_TOKEN is not set: every turn will be refused")
        url = environment.get("RAPPORT_ACTIONS_URL") or ACTIONS_URL
        seconds = float(environment.get("RAPPORT_ACTION_SECONDS") or ACTION_SECONDS)
        return cls(token, url, seconds, switches.chosen(environment))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        routes = Blueprint("gateway_webhook")

        async def health(request: Request) -> HTTPResponse:  # Sanic sets attributes on handlers; methods have none
            return self._health(request)

        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        async def forget(request: Request, conversation_id: str) -> HTTPResponse:
            return self._forget(request, conversation_id)

        routes.add_route(health, "/", methods=["GET"])
        routes.add_route(turn, "/turn", methods=["POST"])
        routes.add_route(forget, "/conversations/<conversation_id>", methods=["DELETE"])
        return routes

    def _health(self, request: Request) -> HTTPResponse:
        agent = _ready_agent(request.app)
        if agent is None:
            return json({"error": "no model is loaded"}, status=503)
        return json({"status": "ok", "model": agent.processor.model_filename})

    async def _turn(self, request: Request) -> HTTPResponse:
        if not self._known(request):
            return json({"error": "the token is missing or wrong"}, status=401)
        try:
            heard = read_turn(_body(request))
        except BadBody as error:
            return json({"error": str(error)}, status=400)
        agent = _ready_agent(request.app)
        if agent is None:
            return json({"error": "no model is loaded"}, status=503)
        self.adopt(agent)
        return await self._answer(agent, heard)

    async def _answer(self, agent: Agent, heard: Heard) -> HTTPResponse:
        # The turn goes on when the caller hangs up, so that a retry finds it recorded.
        task = asyncio.ensure_future(self._turns.answer(agent, heard))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return json(await asyncio.shield(task))
        except TurnFailed as error:
            logger.warning("conversation %s: turn not kept: %s", heard.conversation_id, error)
            return json({"error": f"the action server failed: {error}"}, status=503)
        except SQLAlchemyError:
            logger.exception("conversation %s: the tracker store failed", heard.conversation_id)
            return json({"error": "the tracker store failed"}, status=503)
        except Exception:  # the process boundary: whatever it was, the turn was not kept
            logger.exception("conversation %s: turn not kept", heard.conversation_id)
            return json({"error": "the turn failed"}, status=503)

    def _forget(self, request: Request, conversation_id: str) -> HTTPResponse:
        if not self._known(request):
            return json({"error": "the token is missing or wrong"}, status=401)
        agent = _ready_agent(request.app)
        store = _true_store(agent.tracker_store) if agent else None
        forget = getattr(store, "forget", None)
        if forget is None:
            return json({"error": "this tracker store cannot forget"}, status=503)
        return json({"events": forget(conversation_id)})

    def _known(self, request: Request) -> bool:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return bool(self._token) and hmac.compare_digest(shown.encode(), self._token.encode())

    def adopt(self, agent: Agent) -> None:
        """Give a newly loaded model our action endpoint, and a tracker store that does not hide its failures."""
        if not isinstance(agent.action_endpoint, ActionEndpoint):
            agent.action_endpoint = ActionEndpoint(self._actions_url, self._action_seconds, lambda: agent.domain)
        agent.processor.action_endpoint = agent.action_endpoint
        agent.processor.tracker_store = _true_store(agent.processor.tracker_store)
        if Lever.RUNNER in self._levers:
            graph_runner.install(agent.processor)


def _ready_agent(app: Sanic) -> Agent | None:
    agent = getattr(app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _true_store(store: Any) -> Any:
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def _body(request: Request) -> Any:
    try:
        return request.json
    except InvalidUsage as error:
        raise BadBody("the body is not JSON") from error
