"""The list of the articles, with how each fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.parts import box, chip, empty, link, text
from bot.desk.wording import Wording
from bot.insights.tables import draw_table
from crm_core.crm import Crm
from crm_core.language import LANGUAGES
from crm_core.records.articles import EditedArticle
from crm_core.records.questions import ArticleUse

_TYPED = "(event) => emit(event.target.value)"
_HEADS = ("title", "category", "languages", "state", "changed", "quoted", "helped")


def editor_address(slug: str) -> str:
    """Give the address of the editor of an article; an empty slug is a new one."""
    return f"/insights/knowledge?{urlencode({'article': slug})}"


async def build(visit: Visit, _request: Request) -> None:
    """Build the list; it narrows as something is typed."""
    articles, uses, today = await visit.read(_read, visit.crm)
    words = visit.words
    with box("panel-card", tag="section"):
        with box("row between"):
            search = box("field knowledge-search", tag="input", type="search", aria_label=words.say("knowledge-search"))
            search.props["placeholder"] = words.say("knowledge-search")
            link(words.say("knowledge-new"), editor_address(""), "btn btn-primary")
        table = box("knowledge-table")

    def show(typed: str) -> None:
        table.clear()
        with table:
            _draw(words, [article for article in articles if _fits(article, typed)], uses, today)

    def narrow(event: GenericEventArguments) -> None:
        show(str(event.args))

    search.on("input", narrow, js_handler=_TYPED, throttle=0.3)
    show("")


def _read(crm: Crm) -> tuple[list[EditedArticle], dict[str, ArticleUse], date]:
    return crm.articles.all(), crm.questions.use_of_articles(), crm.articles.today()


def _fits(article: EditedArticle, typed: str) -> bool:
    """Tell whether every typed word stands somewhere in an article."""
    texts = [f"{text.title} {text.body} {' '.join(text.keywords)}" for text in article.texts.values()]
    whole = " ".join([article.slug, article.category, *texts]).casefold()
    return all(word in whole for word in typed.casefold().split())


def _draw(words: Wording, articles: Sequence[EditedArticle], uses: dict[str, ArticleUse], today: date) -> None:
    text(words.say("knowledge-count", count=len(articles)), "muted small", tag="p", role="status")
    if not articles:
        empty(words.say("knowledge-none"))
        return
    with draw_table([words.say(f"knowledge-column-{head}") for head in _HEADS], numbers=2):
        for article in articles:
            with box(tag="tr"):
                with box(tag="td"):
                    link(article.title(words.language), editor_address(article.slug))
                    text(article.slug, "muted small", tag="p")
                text(words.name("article-category", article.category), tag="td")
                with box(tag="td"), box("row"):
                    for language in LANGUAGES:
                        if not article.text(language).empty:
                            chip(words.name("language", language))
                with box(tag="td"):
                    _state(words, article, today)
                text(words.day(article.updated_at) if article.updated_at else "–", tag="td")
                _fares(words, uses.get(article.slug))


def _state(words: Wording, article: EditedArticle, today: date) -> None:
    if article.valid_to and article.valid_to <= today:
        chip(words.say("knowledge-ended"), "plain")
    elif article.valid_from and article.valid_from > today:
        chip(words.say("knowledge-from", day=words.day(article.valid_from)), "warn")
    else:
        chip(words.say("knowledge-in-force"), "good")
        if article.audience != "everyone":
            chip(words.name("audience", article.audience), "accent")


def _fares(words: Wording, use: ArticleUse | None) -> None:
    text(words.number(use.quoted) if use else "0", "num", tag="td")
    helpful = use.helpful if use else None
    judged = use.helped + use.not_helped if use else 0
    shown = "–" if helpful is None else words.say("knowledge-helped", share=words.percent(helpful), count=judged)
    text(shown, "num", tag="td")
