"""What every staff page begins with: who is there and may be, the look, the top bar, the words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal, ParamSpec, TypeVar

from nicegui import Client, ui
from starlette.requests import Request
from starlette.responses import RedirectResponse

from bot.desk.parts import box, button, link, text
from bot.desk.session import Sessions
from bot.desk.sign_in import sign_in_address
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed, NotFound, StorageUnavailable
from crm_core.language import LANGUAGES
from crm_core.records.people import Actor, Agent
from crm_core.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
Notice = Literal["positive", "negative", "warning"]
_HERE = Path(__file__).parent
_PAGES = (  # right, path
    *(("desk", "/desk"), ("search", "/desk/search"), ("replies", "/desk/replies"), ("assign", "/desk/team")),
    *(("insights", "/insights"), ("knowledge", "/insights/knowledge")),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One open page: who looks at it, in which words.

    Args:
        crm: The library.
        sessions: Tells whether the person is still signed in.
        agent: Who looks at the page.
        words: The words of that person's language.
        client: The browser's side.
        right: What the person must be allowed to, at each deed again.
    """

    crm: Crm
    sessions: Sessions
    agent: Agent
    words: Wording
    client: Client
    right: str

    @property
    def actor(self) -> Actor:
        """The person as rights and the access log know one."""
        return Actor(self.agent.id, self.agent.role)

    def may(self, right: str) -> bool:
        """Tell whether the person has a right."""
        return bool(self.crm.staff.may(self.agent, right))

    async def read(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a call of the library without holding up the other pages.

        Raises:
            NotAllowed: The person is no longer signed in, and is on the way to the sign-in page.
        """
        await self.check()
        return await asyncio.to_thread(call, *args, **kwargs)

    async def check(self) -> None:
        """Look whether the person is still signed in.

        Raises:
            NotAllowed: No longer, and on the way to the sign-in page.
        """
        if not await self._is_still_here():
            raise NotAllowed("no longer signed in")

    async def deed(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do something in this person's name; say clearly when it cannot be done.

        Returns:
            What the call gives, or None when it was refused; the person has been told why.
        """
        if not await self._is_still_here():
            return None
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except Conflict:
            self.tell("desk-conflict", "warning")
        except (NotAllowed, NotFound):
            self.tell("desk-not-allowed", "warning")
        except InvalidInput as error:
            self.notify(str(error), "warning")
        except StorageUnavailable:
            self.tell("desk-unavailable", "negative")
        return None

    async def _is_still_here(self) -> bool:
        """Look again whether the person is signed in and may be here; whoever is not goes to the sign-in page."""
        agent = await asyncio.to_thread(self.sessions.agent, self.client.request)
        if agent is not None and self.crm.staff.may(agent, self.right):
            return True
        self.script(f"location.href = {json.dumps(sign_in_address(self.client.request.url.path))}")
        return False

    def tell(self, key: str, kind: Notice = "positive") -> None:
        """Show a short notice."""
        self.notify(self.words.say(key), kind)

    def script(self, code: str) -> None:
        """Run a script in this person's browser, whatever became of the element that led to it."""
        if not self.client.is_deleted:
            self.client.run_javascript(code)

    def notify(self, words: str, kind: Notice = "positive") -> None:
        """Show a short notice in these words."""
        if not self.client.is_deleted:
            with self.client:
                ui.notify(words, type=kind, position="top", timeout=4000)


Body = Callable[[Visit, Request], Awaitable[None]]


def add_page(path: str, right: str, crm: Crm, settings: Settings, title: str, body: Body) -> None:
    """Add a page for those of the staff who have a right; others are sent to sign in, or told that they may not.

    Args:
        path: Where it is.
        right: What one must be allowed to.
        crm: The library.
        settings: Secret of the sessions, time zone.
        title: Key of the page's title.
        body: Builds what is below the top bar.
    """
    sessions = Sessions(crm, settings)

    @ui.page(path, title="Rapport", response_timeout=20)
    async def page(request: Request, client: Client) -> RedirectResponse | None:
        agent = await asyncio.to_thread(sessions.agent, request)
        if agent is None:
            return RedirectResponse(sign_in_address(_here(request)), status_code=303)
        words = Wording(agent.language if agent.language in LANGUAGES else settings.language, settings.timezone)
        visit = Visit(crm, sessions, agent, words, client, right)
        _head(words, title)
        _top_bar(visit, path)
        if crm.staff.may(agent, right):
            await body(visit, request)
        else:
            _refused(visit)
        return None


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


@cache
def _file(path: Path) -> str:
    return path.read_text("utf-8")


def add_style(path: Path) -> None:
    """Put a style sheet into the page's head, so that the page never shows without it."""
    ui.add_head_html(f"<style>{_file(path)}</style>")


def add_script(path: Path) -> None:
    """Put a script of ours into the page's head."""
    ui.add_head_html(f"<script>{_file(path)}</script>")


def _head(words: Wording, title: str) -> None:
    add_style(_HERE / "style.css")
    ui.add_head_html(f'<script>document.documentElement.lang = "{words.language}";</script>')
    ui.page_title(f"{words.say(title)} · Rapport")


def _top_bar(visit: Visit, path: str) -> None:
    words = visit.words
    with box("top", tag="header"):
        text("Rapport", "brand", tag="span")
        with box(tag="nav", aria_label=words.say("staff-pages")):
            for right, target in _PAGES:
                if visit.may(right):
                    made = link(words.say(f"page-{right}"), target, "")
                    if target == path:
                        made.props["aria-current"] = "page"
        with box("top-right"):
            text(visit.agent.name, "top-name")
            button(words.say("language-other"), lambda: _switch_language(visit), "quiet")
            ui.html(
                f'<form method="post" action="/sign-out"><button class="quiet">{escape(words.say("sign-out"))}'
                "</button></form>",
                sanitize=False,
            )


async def _switch_language(visit: Visit) -> None:
    other = next(language for language in LANGUAGES if language != visit.words.language)
    await asyncio.to_thread(visit.crm.staff.set_language, visit.agent.id, other)
    ui.navigate.reload()


def _refused(visit: Visit) -> None:
    with box("gate", tag="main"), box("gate-card"):
        text(visit.words.say("refused-title"), "h1", tag="h1")
        text(visit.words.say("refused-note"), "note", tag="p")
        link(visit.words.say("refused-back"), "/desk", "btn btn-primary")
