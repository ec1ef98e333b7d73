"""What the articles do not say: questions without a good answer, and what people answered to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from nicegui import background_tasks
from nicegui.element import Element
from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, empty, info, link, text
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.records.questions import Question, Topic, TopicStatus

_SHOWN = 5  # wordings of a topic
_CHOSEN = "(event) => emit(event.target.closest('.topic').querySelector('select').value)"

Titles = dict[str, str]  # of the articles, by slug


async def build_questions(visit: Visit, request: Request) -> None:
    """Build the list of the questions that were not answered."""
    await _build(visit, request, "questions", lambda topic: topic.unanswered > 0)


async def build_answers(visit: Visit, request: Request) -> None:
    """Build the list of the questions that a person answered."""
    await _build(visit, request, "answers", lambda topic: topic.replies > 0)


async def _build(visit: Visit, request: Request, view: str, wanted: Callable[[Topic], bool]) -> None:
    words, asked = visit.words, request.query_params.get("status", "")
    status = TopicStatus(asked) if asked in {known.value for known in TopicStatus} else TopicStatus.OPEN
    with box("panel-card", tag="section"):
        with box("row between"):
            with box("heading"):
                text(words.say(f"knowledge-view-{view}"), "h2", tag="h2")
                info(words.say(f"knowledge-{view}-definition"))
            with box("presets", tag="nav", aria_label=words.say("knowledge-states")):
                for each in TopicStatus:
                    address = f"/insights/knowledge?{urlencode({'view': view, 'status': each.value})}"
                    made = link(words.say(f"knowledge-state-{each.value}"), address, "")
                    made.props["aria-current"] = "true" if each is status else "false"
        looking = text(words.say("knowledge-looking"), "muted small", tag="p", role="status")
        listed = box("topics", tag="ul")

    async def draw() -> None:
        found, titles = await visit.read(_read, visit.crm, status, words.language)
        topics = [topic for topic in found if wanted(topic)]
        listed.clear()
        with listed:
            for topic in topics:
                _Card(visit, topic, titles).draw(view)
            if not topics:
                with box(tag="li"):
                    empty(words.say(f"knowledge-{view}-none"))

    async def renew() -> None:
        """Take up what is new behind the page's back: it may be much, and the list is worth seeing meanwhile."""
        if await visit.deed(visit.crm.question_topics.refresh) and not visit.client.is_deleted:
            await draw()
        looking.set_visibility(False)

    await draw()
    background_tasks.create(renew(), name="question topics")


def _read(crm: Crm, status: TopicStatus, language: str) -> tuple[list[Topic], Titles]:
    titles = {article.slug: article.title(language) for article in crm.articles.all()}
    return crm.question_topics.topics(status), titles


class _Card:
    """One topic, and what may be done with it."""

    def __init__(self, visit: Visit, topic: Topic, titles: Titles) -> None:
        self._visit = visit
        self._topic = topic
        self._titles = titles
        self._element: Element | None = None

    def draw(self, view: str) -> None:
        """Draw it as its view shows it."""
        words, topic = self._visit.words, self._topic
        first = topic.reply if view == "answers" and topic.reply else topic.samples[0]
        with box("topic", tag="li") as self._element:
            with box("row between"):
                text(first.text, "topic-title", tag="h3")
                text(words.say("knowledge-times", count=_count(view, topic)), "num muted")
            with box("row small muted"):
                chip(words.name("language", topic.language))
                for reason, count in topic.reasons.items():
                    chip(words.say(f"knowledge-reason-{reason.replace('_', '-')}", count=count), "warn")
                if topic.replies:
                    chip(words.say("knowledge-reason-person", count=topic.replies), "accent")
                text(words.say("knowledge-last", moment=words.moment(topic.last_at)))
            self._wordings(first)
            if topic.reply:
                with box("topic-reply"):
                    text(words.say("knowledge-reply"), "h3", tag="p")
                    text(topic.reply.reply or "", "topic-words", tag="p")
            self._deeds(words)

    def _wordings(self, first: Question) -> None:
        others = [sample for sample in self._topic.samples if sample is not first][:_SHOWN]
        if not others:
            return
        with box("fold", tag="details"):
            text(self._visit.words.say("knowledge-also", count=len(others)), tag="summary")
            with box("topic-others", tag="ul"):
                for sample in others:
                    with box(tag="li"):
                        text(sample.text)
                        link(self._visit.words.moment(sample.asked_at), f"/desk?c={sample.conversation_id}")

    def _deeds(self, words: Wording) -> None:
        topic = self._topic
        with box("row topic-deeds"):
            if topic.status is not TopicStatus.OPEN:
                if topic.slug:
                    text(words.say("knowledge-answered-by", title=self._titles.get(topic.slug, topic.slug)), "muted")
                button(words.say("knowledge-reopen"), partial(self._decide, TopicStatus.OPEN), "btn btn-small")
                return
            address = f"/insights/knowledge?{urlencode({'topic': topic.id})}"
            link(words.say("knowledge-begin"), address, "btn btn-small btn-primary")
            with box("field field-small", tag="select", aria_label=words.say("knowledge-which")):
                text(words.say("knowledge-which"), tag="option", value="")
                for slug, title in self._titles.items():
                    text(title, tag="option", value=slug)
            button(words.say("knowledge-answers-it"), None, "btn btn-small").on(
                "click", self._answered_by, js_handler=_CHOSEN
            )
            button(words.say("knowledge-dismiss"), partial(self._decide, TopicStatus.DISMISSED), "btn btn-small")

    async def _answered_by(self, event: GenericEventArguments) -> None:
        slug = str(event.args)
        if slug in self._titles:
            await self._decide(TopicStatus.ANSWERED, slug)
        else:
            self._visit.tell("knowledge-which", "warning")

    async def _decide(self, status: TopicStatus, slug: str | None = None) -> None:
        visit = self._visit

        def decide() -> bool:
            visit.crm.question_topics.decide(self._topic.id, status, actor=visit.actor, slug=slug)
            return True

        if await visit.deed(decide) and self._element is not None:
            self._element.delete()
            visit.tell(f"knowledge-done-{status.value}")


def _count(view: str, topic: Topic) -> int:
    return topic.replies if view == "answers" else topic.unanswered
