"""Asking a question to see what would be answered, and with which score."""

from __future__ import annotations

from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, empty, link, meter, text
from bot.insights.knowledge.listing import editor_address
from crm_core.crm import Crm
from crm_core.language import LANGUAGES, detect_language
from crm_core.records.shop import Passage

_ASK = "() => emit(document.querySelector('.trial-question').value)"
_ASK_ON_ENTER = "(event) => { if (event.key === 'Enter' && !event.isComposing) emit(event.target.value); }"


async def build(visit: Visit, _request: Request) -> None:
    """Build the box to ask in."""
    words = visit.words
    with box("panel-card", tag="section"):
        text(words.say("knowledge-view-try"), "h2", tag="h2")
        text(words.say("knowledge-try-note"), "muted", tag="p")
        with box("row nowrap"):
            asked = box("field trial-question", tag="input", type="text", maxlength="400")
            asked.props["aria-label"] = words.say("knowledge-question")
            asked.props["placeholder"] = words.say("knowledge-question")
            ask = button(words.say("knowledge-ask"), None, "btn btn-primary")
        answers = box("trial-answers", aria_live="polite")

    async def show(event: GenericEventArguments) -> None:
        question = str(event.args).strip()
        if not question:
            return
        passage, found = await visit.read(_read, visit.crm, question)
        answers.clear()
        with answers:
            _draw(visit, passage, found)

    asked.on("keydown", show, js_handler=_ASK_ON_ENTER)
    ask.on("click", show, js_handler=_ASK)


def _read(crm: Crm, question: str) -> tuple[Passage | None, list[Passage]]:
    language = detect_language(question, LANGUAGES[0])
    return crm.knowledge.answer(question, language), crm.knowledge.search(question, language)


def _draw(visit: Visit, passage: Passage | None, found: list[Passage]) -> None:
    words = visit.words
    text(words.say("knowledge-would-answer" if passage else "knowledge-would-not"), "strong", tag="p")
    if not found:
        empty(words.say("knowledge-nothing-like-it"))
    for each in found:
        chosen = passage is not None and each.slug == passage.slug
        with box("trial-answer" + (" trial-chosen" if chosen else ""), tag="article"):
            with box("row between"):
                link(each.title, editor_address(each.slug))
                with box("row"):
                    if chosen:
                        chip(words.say("knowledge-chosen"), "good")
                    text(words.percent(each.score), "num")
            meter(each.score, words.say("knowledge-score", share=words.percent(each.score)))
            text(each.text, "topic-words", tag="p")
