"""Transcripts: a conversation as a page to read and print; the customer's by a signed link, the agent's as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import jwt
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, Template

from bot.desk.session import Sessions
from bot.desk.sign_in import sign_in_address
from bot.desk.wording import Wording
from crm_core.clock import Clock, now
from crm_core.crm import Crm
from crm_core.errors import ConversationNotFound
from crm_core.language import LANGUAGES
from crm_core.records.conversations import Author, Conversation, Message
from crm_core.records.people import Agent
from crm_core.settings import Settings

PATH = "/transcript"
FILE_PATH = "/desk/transcript"
LIFE = timedelta(days=14)
_HERE = Path(__file__).parent
_AUDIENCE = "transcript"
_ALGORITHM = "HS256"
_MANY = 10_000
_TOLD = frozenset({"agent_joined", "handed_back", "closed"})  # of the system's lines, what a customer understands
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class Links:
    """Makes and reads the links with which customers open their transcript, and nobody else's.

    Args:
        settings: Holds the secret that signs them.
        clock: Gives the present moment.
    """

    def __init__(self, settings: Settings, clock: Clock = now) -> None:
        self._secret = settings.session_secret.get_secret_value()
        self._clock = clock

    def make(self, conversation_id: str) -> tuple[str, datetime]:
        """Give the path of a conversation's transcript, and until when it opens."""
        until = self._clock() + LIFE
        claims = {"aud": _AUDIENCE, "sub": conversation_id, "exp": until}
        return f"{PATH}/{jwt.encode(claims, self._secret, _ALGORITHM)}", until

    def read(self, token: str) -> str | None:
        """Give the conversation that a link opens, or None where it opens nothing (any more)."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                [_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "sub", "aud"], "verify_exp": False},
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"]) if claims["exp"] > self._clock().timestamp() else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript."""

    author: str
    writer: str
    when: str
    text: str
    cards: tuple[str, ...] = ()
    file: str = ""


def register(app: FastAPI, crm: Crm, settings: Settings) -> None:
    """Add the customer's page and the agent's file to the application."""
    app.include_router(_router(crm, settings))


def _router(crm: Crm, settings: Settings) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    links, sessions = Links(settings), Sessions(crm, settings)

    @routes.get(f"{PATH}/style.css")
    async def style() -> Response:
        return FileResponse(_HERE / "transcript.css", media_type="text/css", headers={"Cache-Control": "max-age=300"})

    @routes.get(f"{PATH}/{{token}}")
    async def of_customer(token: str, language: str = "") -> Response:
        conversation_id = links.read(token)
        html = conversation_id and await asyncio.to_thread(_page, crm, settings, conversation_id, language)
        if not html:
            return HTMLResponse(_gone(settings, language), 404, _HEADERS)
        return HTMLResponse(html, headers=_HEADERS)

    @routes.get(f"{FILE_PATH}/{{conversation_id}}")
    async def of_agent(request: Request, conversation_id: str) -> Response:
        agent = await asyncio.to_thread(sessions.agent, request)
        if agent is None or not crm.staff.may(agent, "desk"):
            return RedirectResponse(sign_in_address("/desk"), status_code=303)
        html = await asyncio.to_thread(_file, crm, settings, conversation_id, agent)
        if not html:
            return HTMLResponse(_gone(settings, agent.language), 404, _HEADERS)
        name = f"conversation-{conversation_id}.html"
        return HTMLResponse(html, headers=_HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'})

    return routes


def _page(crm: Crm, settings: Settings, conversation_id: str, language: str) -> str:
    try:
        talk = crm.conversations.get(conversation_id)
    except ConversationNotFound:
        return ""
    chosen = language if language in LANGUAGES else talk.language
    return _render(crm, talk, Wording(chosen, settings.timezone), inline=False)


def _file(crm: Crm, settings: Settings, conversation_id: str, agent: Agent) -> str:
    """Give the transcript as one file in the agent's language; that it was taken is kept."""
    try:
        talk = crm.conversations.get(conversation_id)
    except ConversationNotFound:
        return ""
    actor = crm.staff.actor(agent)
    crm.staff.log(actor, "transcript_downloaded", talk.customer_id, ("messages",))
    crm.activity.note(conversation_id, "transcript_downloaded", actor=actor)
    return _render(crm, talk, Wording(agent.language, settings.timezone), inline=True)


def _render(crm: Crm, talk: Conversation, words: Wording, *, inline: bool) -> str:
    """Give the page, or nothing where the conversation was erased."""
    names = {agent.id: agent.name for agent in crm.staff.list()}
    lines = [_line(message, words, names) for message in crm.conversations.messages(talk.id, limit=_MANY)]
    if not any(line and line.author != Author.SYSTEM for line in lines):
        return ""
    return _template().render(
        language=words.language,
        others=[] if inline else [language for language in LANGUAGES if language != words.language],
        say=words.say,
        day=words.day(talk.opened_at),
        lines=[line for line in lines if line],
        style=(_HERE / "transcript.css").read_text("utf-8") if inline else "",
    )


def _line(message: Message, words: Wording, names: dict[str, str]) -> Line | None:
    body, event = message.body, str(message.body.get("event") or "")
    when = words.moment(message.created_at)
    if event:
        shown = words.name("system", event) if event in _TOLD and message.author is Author.SYSTEM else ""
        return Line(Author.SYSTEM, "", when, shown) if shown else None
    writer = words.say(f"transcript-{message.author.value}")
    if message.author is Author.AGENT:
        writer = names.get(message.agent_id or "", writer)
    cards = tuple(" · ".join(str(card[key]) for key in ("title", "price") if card.get(key)) for card in
                  body.get("cards") or ())  # fmt: skip
    file = str((body.get("attachment") or {}).get("name") or "")
    return Line(message.author.value, writer, when, str(body.get("text") or ""), cards, file)


def _gone(settings: Settings, language: str) -> str:
    words = Wording(language if language in LANGUAGES else settings.language, settings.timezone)
    return _template().render(language=words.language, others=[], say=words.say, day="", lines=[], style="")


@cache
def _template() -> Template:
    loader = FileSystemLoader(_HERE)
    return Environment(autoescape=True, loader=loader, trim_blocks=True, lstrip_blocks=True).get_template(
        "transcript.html"
    )
