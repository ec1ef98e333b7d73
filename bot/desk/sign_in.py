"""Signing in and out of the staff pages: a plain form, so that it works without JavaScript."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, Template

from bot.desk.session import Sessions
from bot.gateway.errors import Refused
from bot.gateway.limits import Limits
from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.errors import NotAllowed, StorageUnavailable
from crm_core.language import LANGUAGES
from crm_core.settings import Settings

PATH = "/sign-in"
_HERE = Path(__file__).parent
_HOME = "/desk"
_PAGES = ("/desk", "/insights")  # where a signed-in person may be sent on to


def register(app: FastAPI, crm: Crm, settings: Settings) -> None:
    """Add the sign-in page to the application, once."""
    if any(getattr(route, "path", "") == PATH for route in app.routes):
        return
    app.include_router(_router(crm, settings))


def safe_target(wanted: str) -> str:
    """Give the page to go on to: one of ours, never an address that somebody put into a link."""
    parts = urlsplit(wanted)
    ours = any(parts.path == page or parts.path.startswith(f"{page}/") for page in _PAGES)
    if parts.scheme or parts.netloc or not ours or "\\" in wanted or ".." in parts.path:
        return _HOME
    return wanted


def sign_in_address(request_path: str) -> str:
    """Give the address of the sign-in page that comes back to a page."""
    return f"{PATH}?to={quote(request_path, safe='')}"


def _router(crm: Crm, settings: Settings) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    sessions = Sessions(crm, settings)
    limits = Limits(settings)

    @router.get(f"{PATH}/style.css")
    async def style() -> Response:
        return FileResponse(_HERE / "style.css", media_type="text/css", headers={"Cache-Control": "max-age=300"})

    @router.get(PATH)
    async def show(request: Request, to: str = _HOME, language: str = "") -> Response:
        return _page(_language(request, language, settings), to)

    @router.post(PATH)
    async def sign_in(
        request: Request,
        email: Annotated[str, Form(max_length=254)],
        password: Annotated[str, Form(max_length=1024)],
        to: Annotated[str, Form(max_length=2000)] = _HOME,
        language: Annotated[str, Form(max_length=8)] = "",
    ) -> Response:
        language = _language(request, language, settings)
        if not same_origin(request):
            return _page(language, to, email, problem="sign-in-elsewhere", status=403)
        try:
            await limits.sign_in(request.client.host if request.client else "")
            agent = await asyncio.to_thread(crm.staff.sign_in, email, password)
            response = RedirectResponse(safe_target(to), status_code=303)
            secure = request.url.scheme == "https"
            await asyncio.to_thread(sessions.open, response, agent, secure=secure)
        except Refused:
            return _page(language, to, email, problem="sign-in-too-often", status=429)
        except NotAllowed:
            return _page(language, to, email, problem="sign-in-wrong", status=401)
        except StorageUnavailable:
            return _page(language, to, email, problem="sign-in-unavailable", status=503)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        response = RedirectResponse(PATH, status_code=303)
        if same_origin(request):
            sessions.end(response)
        return response

    return router


def same_origin(request: Request) -> bool:
    """Tell whether a form was sent from one of our own pages (browsers say so in `Origin`)."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _language(request: Request, wanted: str, settings: Settings) -> str:
    if wanted in LANGUAGES:
        return wanted
    preferred = request.headers.get("accept-language", "")[:2].lower()
    return preferred if preferred in LANGUAGES else settings.language


def _page(language: str, to: str, email: str = "", *, problem: str = "", status: int = 200) -> HTMLResponse:
    html = _template().render(
        language=language,
        other=next(other for other in LANGUAGES if other != language),
        say=lambda key: bot_phrases.say(language, key),
        to=safe_target(to),
        email=email,
        problem=bot_phrases.say(language, problem) if problem else "",
    )
    headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
    return HTMLResponse(html, status, headers)


@cache
def _template() -> Template:
    return Environment(autoescape=True).from_string((_HERE / "sign_in.html").read_text("utf-8"))
