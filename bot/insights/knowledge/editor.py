"""The editor of one article: both languages side by side, a preview, what is wrong, and who changed what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.parts import box, button, link, text
from bot.insights.knowledge.form import article_of, fields_of
from bot.insights.knowledge.past import draw_past
from bot.insights.knowledge.start import Start, read_start
from crm_core.errors import NotFound
from crm_core.knowledge.editing import AUDIENCES, LONGEST_BODY, LONGEST_TITLE, ArticleInvalid
from crm_core.language import LANGUAGES
from crm_core.records.articles import EditedArticle

_LIST = "/insights/knowledge"
_TYPED = "(event) => emit(event.target.value)"
_TAKE = "() => emit(rapportKnowledge.take())"


async def build(visit: Visit, request: Request) -> None:
    """Build the editor of the article, or of a new one begun from a topic, that the address names."""
    query = request.query_params
    try:
        start = await visit.read(read_start, visit.crm, query.get("article", ""), query.get("topic"))
    except NotFound:
        text(visit.words.say("knowledge-gone"), tag="p")
        link(visit.words.say("knowledge-back"), _LIST, "btn")
        return
    Editor(visit, start).draw()


class Editor:
    """The form of one article.

    Args:
        visit: The open page.
        start: What it begins with.
    """

    def __init__(self, visit: Visit, start: Start) -> None:
        self._visit = visit
        self._start = start
        self._known = start.article
        self._previews: dict[str, ui.markdown] = {}

    def draw(self) -> None:
        """Draw it, filled."""
        visit, words = self._visit, self._visit.words
        with box("panel-card", tag="section"):
            title = self._known.title(words.language) if self._known.updated_at else words.say("knowledge-new")
            with box("row between"):
                text(title, "h2", tag="h2")
                link(words.say("knowledge-back"), _LIST)
            for sample in self._start.asked:
                text(words.say("knowledge-asked", question=sample), "muted", tag="p")
            with box("editor-shared"):
                self._shared()
            with box("grid-2 editor-texts"):
                for language in LANGUAGES:
                    self._text(language)
            with box("row between"):
                with box("row"):
                    button(words.say("knowledge-save"), None, "btn btn-primary").on(
                        "click", self._save, js_handler=_TAKE
                    )
                    text("", "alert editor-problem", tag="p", role="alert")
                if self._known.updated_at:
                    self._ends()
        draw_past(words, self._start.changes, self._start.agents)
        visit.script(f"rapportKnowledge.fill({json.dumps(fields_of(self._known))})")

    def _shared(self) -> None:
        words = self._visit.words
        self._input("slug", disabled=bool(self._known.updated_at))
        self._input("category", list="article-categories")
        with box(tag="datalist", id="article-categories"):
            for category in self._start.categories:
                text(words.name("article-category", category), tag="option", value=category)
        with self._labelled("audience"), box("field", tag="select", data_field="audience"):
            for audience in AUDIENCES:
                text(words.name("audience", audience), tag="option", value=audience)
        self._input("valid_from", type="date")
        self._input("valid_to", type="date")

    def _text(self, language: str) -> None:
        words = self._visit.words
        with box("editor-text", tag="fieldset"):
            text(words.name("language", language), "h3", tag="legend")
            self._input(f"title_{language}", maxlength=str(LONGEST_TITLE), lang=language)
            self._input(f"keywords_{language}", lang=language)
            with self._labelled(f"questions_{language}"):
                box("field editor-questions", tag="textarea", data_field=f"questions_{language}", lang=language)
            with self._labelled(f"body_{language}"):
                written = box("field editor-body", tag="textarea", data_field=f"body_{language}", lang=language)
                written.props["maxlength"] = str(LONGEST_BODY)
                written.on("input", partial(self._show, language), js_handler=_TYPED, throttle=0.4)
            text(words.say("knowledge-preview"), "h3", tag="p")
            with box("editor-preview", lang=language):
                self._previews[language] = ui.markdown(self._known.text(language).body, extras=["tables"])

    def _input(self, name: str, *, disabled: bool = False, **attributes: str) -> None:
        with self._labelled(name):
            made = box("field", tag="input", data_field=name, **attributes)
            if disabled:
                made.props["disabled"] = True

    def _labelled(self, name: str) -> Element:
        """Make a label around a field; the words for it do not depend on its language."""
        bare = next((name.removesuffix(f"_{each}") for each in LANGUAGES if name.endswith(f"_{each}")), name)
        label = box("editor-field", tag="label")
        with label:
            text(self._visit.words.say(f"article-field-{bare.replace('_', '-')}"), "editor-label")
        return label

    def _ends(self) -> None:
        words, articles = self._visit.words, self._visit.crm.articles
        with box("row"):
            for name, deed in (("withdraw", articles.withdraw), ("delete", articles.delete)):
                button(words.say(f"knowledge-{name}"), partial(self._end, name, deed), "btn")

    def _show(self, language: str, event: GenericEventArguments) -> None:
        self._previews[language].set_content(str(event.args)[:LONGEST_BODY])

    async def _save(self, event: GenericEventArguments) -> None:
        kept = await self._visit.deed(self._keep, dict(event.args))
        if isinstance(kept, ArticleInvalid):
            self._complain(kept)
        elif kept is not None:
            self._go("saved")

    def _keep(self, values: dict[str, object]) -> EditedArticle | ArticleInvalid:
        crm, actor = self._visit.crm, self._visit.actor
        try:
            article = article_of(values, self._known)
            if self._known.updated_at:
                return crm.articles.change(article, actor=actor)
            kept = crm.articles.create(replace(article, slug=article.slug or self._start.slug_of(article)), actor=actor)
        except ArticleInvalid as wrong:
            return wrong
        if self._start.topic_id:
            crm.question_topics.decide(self._start.topic_id, "answered", actor=actor, slug=kept.slug)
        return kept

    def _complain(self, wrong: ArticleInvalid) -> None:
        """Say under the form what is wrong, and lead to the field."""
        words = self._visit.words
        bare, _, language = wrong.field.rpartition("_")
        of_text = language in LANGUAGES
        name = words.say(f"article-field-{(bare if of_text else wrong.field).replace('_', '-')}")
        field = f"{name} ({words.name('language', language)})" if of_text else name
        why = words.say(f"article-wrong-{wrong.code.replace('_', '-')}", field=field)
        self._visit.script(f"rapportKnowledge.complain({json.dumps(wrong.field)}, {json.dumps(why)})")

    async def _end(self, name: str, deed: Callable[..., object]) -> None:
        words = self._visit.words
        with ui.dialog() as dialog, box("drill", role="alertdialog", aria_modal="true"):
            text(words.say(f"knowledge-{name}-sure", title=self._known.title(words.language)), tag="p")
            with box("row"):
                button(words.say(f"knowledge-{name}"), lambda: dialog.submit(True), "btn btn-primary")
                button(words.say("knowledge-cancel"), lambda: dialog.submit(False), "btn")

        def done() -> bool:
            deed(self._known.slug, actor=self._visit.actor)
            return True

        if await dialog and await self._visit.deed(done):
            self._go(name)

    def _go(self, done: str) -> None:
        self._visit.tell(f"knowledge-done-{done}")
        self._visit.script(f"setTimeout(() => location.assign({json.dumps(_LIST)}), 700)")
