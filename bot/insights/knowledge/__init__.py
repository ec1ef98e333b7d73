"""The managers' page of the articles: what the assistant says, and what it could not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request

from bot.desk import frame
from bot.desk.frame import Visit
from bot.desk.parts import box, link, text
from bot.insights.knowledge import editor, listing, topics, trial
from crm_core.crm import Crm
from crm_core.settings import Settings

__all__ = ["PATH", "register"]

PATH = "/insights/knowledge"
_HERE = Path(__file__).parent
_VIEWS: dict[str, Callable[[Visit, Request], Awaitable[None]]] = {
    "articles": listing.build,
    "questions": topics.build_questions,
    "answers": topics.build_answers,
    "try": trial.build,
}


def register(crm: Crm, settings: Settings) -> None:
    """Add the page to the gateway's application."""
    frame.add_page(PATH, "knowledge", crm, settings, "page-knowledge", build)


async def build(visit: Visit, request: Request) -> None:
    """Build the view in the address (`?view=questions`), or the editor (`?article=…`, `?topic=…`)."""
    frame.add_style(_HERE.parent / "insights.css")
    frame.add_style(_HERE / "knowledge.css")
    frame.add_script(_HERE / "knowledge.js")
    query = request.query_params
    editing = "article" in query or "topic" in query
    view = query.get("view", "articles")
    chosen = view if view in _VIEWS and not editing else "articles"
    with box("insights knowledge", tag="main"):
        with box("range"):
            text(visit.words.say("page-knowledge"), "h1", tag="h1")
            with box("presets", tag="nav", aria_label=visit.words.say("knowledge-views")):
                for name in _VIEWS:
                    made = link(visit.words.say(f"knowledge-view-{name}"), f"{PATH}?view={name}", "")
                    made.props["aria-current"] = "true" if name == chosen else "false"
        await (editor.build if editing else _VIEWS[chosen])(visit, request)
