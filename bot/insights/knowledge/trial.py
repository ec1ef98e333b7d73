"""Asking a question to see what would be answered, and with which score."""

from __future__ import annotations

from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, empty, link, meter, text
from bot.insights.knowledge.listing import editor_address
from crm_core.crm import Crm
from crm_core.knowledge.plain import plain_text
from crm_core.language import LANGUAGES, detect_language
from crm_core.records.knowledge import Audience
from crm_core.records.shop import Passage

_ASK = "() => emit(rapportKnowledge.take())"
_ASK_ON_ENTER = "(event) => { if (event.key === 'Enter' && !event.isComposing) emit(rapportKnowledge.take()); }"


async def build(visit: Visit, _request: Request) -> None:
    """Build the box to ask in."""
    words = visit.words
    with box("panel-card", tag="section"):
        text(words.say("knowledge-view-try"), "h2", tag="h2")
        text(words.say("knowledge-try-note"), "muted", tag="p")
        with box("row nowrap"):
            asked = box("field trial-question", tag="input", type="text", maxlength="400")
            asked.props["data-field"] = "question"
            asked.props["aria-label"] = words.say("knowledge-question")
            asked.props["placeholder"] = words.say("knowledge-question")
            with box(
                "field trial-audience", tag="select", data_field="audience", aria_label=words.say("knowledge-asks")
            ):
                for audience in Audience:
                    text(words.name("audience", audience.value), tag="option", value=audience.value)
            ask = button(words.say("knowledge-ask"), None, "btn btn-primary")
        answers = box("trial-answers", aria_live="polite")

    async def show(event: GenericEventArguments) -> None:
        question, audience = str(event.args["question"]).strip(), Audience(event.args["audience"])
        if not question:
            return
        passage, found = await visit.read(_read, visit.crm, question, audience)
        answers.clear()
        with answers:
            _draw(visit, passage, found)

    asked.on("keydown", show, js_handler=_ASK_ON_ENTER)
    ask.on("click", show, js_handler=_ASK)


def _read(crm: Crm, question: str, audience: Audience) -> tuple[Passage | None, list[Passage]]:
    language = detect_language(question, LANGUAGES[0])
    answer = crm.knowledge.answer(question, language, audience=audience)
    return answer, crm.knowledge.search(question, language, audience=audience)


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
            text(plain_text(each.text), "topic-words", tag="p")
