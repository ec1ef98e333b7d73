"""Questions that no article answered, put together by likeness, and what people answered to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.errors import InvalidInput, NotFound
from crm_core.knowledge import grouping
from crm_core.knowledge.exchanges import Line, exchanges
from crm_core.language import LANGUAGES
from crm_core.privacy import rights
from crm_core.records.conversations import Author
from crm_core.records.people import Actor
from crm_core.records.questions import Outcome, Question, Topic, TopicStatus
from crm_core.storage import messages
from crm_core.storage import question_topics as rows
from crm_core.storage import questions as stored
from crm_core.use_cases.articles import add_questions
from crm_core.use_cases.context import Context
from crm_core.use_cases.questions import keep

_AT_ONCE = 500  # questions, and hand-offs, that one look takes up
_COMPARED = 20  # members of a topic that a new question is compared with
_SAMPLES = 12  # newest questions of a topic, of which each wording is shown once
_NO_QUESTION = frozenset({"request_person", "affirm", "deny", "greet", "goodbye", "thank", "stop", "inform"})
_LOOK_BACK = 8  # customer messages before a person came


class TopicNotFound(NotFound):
    """No such topic."""

    what = "topic"


class QuestionTopics:
    """The list of what managers may write articles about.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def refresh(self) -> int:
        """Take up what came since the last look: people's answers, and questions that belong to no topic yet.

        Returns:
            How many questions were put into topics.
        """
        with self._context.database.writing() as connection:
            self._take_from_handoffs(connection)
            fresh = stored.ungrouped(connection, _AT_ONCE)
            opened = [found for row in fresh if (found := stored.opened(connection, self._context.keys, row))]
            return sum(
                self._group(connection, language, [each for each in opened if each.language == language])
                for language in LANGUAGES
            )

    def gather(self) -> None:
        """Take people's answers from the hand-offs that have ended since the last look."""
        with self._context.database.reading() as connection:
            if not rows.unread_handoffs(connection, 1):
                return
        with self._context.database.writing(durable=False) as connection:
            self._take_from_handoffs(connection)

    def topics(self, status: TopicStatus | None = TopicStatus.OPEN, *, limit: int = 100) -> list[Topic]:
        """Give the topics in a state, the most frequent first; those of erased customers alone are left out."""
        return self._read(status, None, limit)

    def topic(self, topic_id: str) -> Topic:
        """Give one topic.

        Raises:
            TopicNotFound: There is none.
        """
        found = self._read(None, topic_id, 1)
        if not found:
            raise TopicNotFound(topic_id)
        return found[0]

    def decide(self, topic_id: str, status: TopicStatus | str, *, actor: Actor, slug: str | None = None) -> None:
        """Say what becomes of a topic; the article that answers it is found by its wordings from then on.

        Args:
            topic_id: Which.
            status: Answered by an article, dismissed, or open again.
            actor: Who decides.
            slug: The article that answers it.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: It is to be answered by no article.
            TopicNotFound: There is none.
            ArticleNotFound: There is no such article.
        """
        rights.check(actor, "knowledge")
        status = TopicStatus(status)
        if status is TopicStatus.ANSWERED and not slug:
            raise InvalidInput("slug", slug, "is missing: which article answers it?")
        at = self._context.clock()
        values = {"slug": slug, "decided_by": actor.id, "decided_at": at}
        topic = self.topic(topic_id) if status is TopicStatus.ANSWERED else None
        with self._context.database.writing() as connection:
            if not rows.decide(connection, topic_id, status, values):
                raise TopicNotFound(topic_id)
            if topic is not None and slug:
                wordings = [sample.text for sample in topic.samples]
                add_questions(connection, slug, topic.language, wordings, actor, at)

    def _read(self, status: TopicStatus | None, topic_id: str | None, limit: int) -> list[Topic]:
        with self._context.database.reading() as connection:
            found = rows.counted(connection, status, topic_id, limit)
            members = stored.of_topics(connection, [row.id for row in found], _SAMPLES)
            samples: dict[str, list[Question]] = defaultdict(list)
            for row in members:
                opened = stored.opened(connection, self._context.keys, row)
                if opened is not None:
                    samples[row.topic_id].append(opened)
        return [_topic(row, samples[row.id]) for row in found if samples[row.id]]

    def _group(self, connection: sa.Connection, language: str, fresh: Sequence[Question]) -> int:
        if not fresh:
            return 0
        known = self._known(connection, language)
        placed = grouping.place([question.text for question in fresh], known)
        members: dict[str | int, list[str]] = defaultdict(list)
        for question, place in zip(fresh, placed, strict=True):
            if place is not None:
                members[place].append(question.id)
        topics = {
            place: place if isinstance(place, str) else rows.create(connection, language, self._context.clock())
            for place in members
        }
        for place, ids in members.items():
            rows.join(connection, ids, topics[place])
        rows.reopen(connection, topics.values())
        return sum(map(len, members.values()))

    def _known(self, connection: sa.Connection, language: str) -> dict[str, list[str]]:
        known: dict[str, list[str]] = defaultdict(list)
        for row in stored.of_topics(connection, rows.ids(connection, language), _COMPARED):
            opened = stored.opened(connection, self._context.keys, row)
            if opened is not None:
                known[row.topic_id].append(opened.text)
        return known

    def _take_from_handoffs(self, connection: sa.Connection) -> None:
        for handoff in rows.unread_handoffs(connection, _AT_ONCE):
            for exchange in exchanges(self._lines(connection, handoff)):
                keep(
                    self._context, connection, handoff.conversation_id, exchange.question, exchange.message_id,
                    Outcome.PERSON, handoff.language, handoff.taken_at, reply=exchange.reply,
                )  # fmt: skip
            rows.mark_read(connection, handoff.id, self._context.clock())

    def _lines(self, connection: sa.Connection, handoff: Any) -> Iterator[Line]:
        """Give what customer and person wrote, with what the customer had said last before the person came."""
        intents = rows.understood_as(connection, handoff.conversation_id)
        log = messages.after(connection, handoff.conversation_id, 0, _AT_ONCE)
        within = [row for row in log if row.created_at <= handoff.ended_at]
        before = [row for row in within if row.created_at <= handoff.taken_at][-_LOOK_BACK * 2 :]
        for row in [*before, *(row for row in within if row.created_at > handoff.taken_at)]:
            by_customer = row.author == Author.CUSTOMER.value
            if not by_customer and row.author != Author.AGENT.value:
                continue
            if by_customer and intents.get(row.id) in _NO_QUESTION:
                continue
            body = messages.opened(connection, self._context.keys, row, row.key_id).body
            if body.get("text") and not body.get("payload"):
                yield Line(row.id, str(body["text"]), by_customer)


def _topic(row: Any, members: Iterable[Question]) -> Topic:
    by_wording: dict[str, Question] = {}
    for member in members:
        kept = by_wording.setdefault(member.text.casefold(), member)
        if kept.reply is None and member.reply is not None:
            by_wording[member.text.casefold()] = member
    return Topic(
        id=row.id,
        language=row.language,
        status=TopicStatus(row.status),
        slug=row.slug,
        unanswered=row.unanswered,
        replies=row.replies,
        reasons={name: getattr(row, name) for name in ("unknown", "fallback", "not_helped") if getattr(row, name)},
        last_at=row.last_at,
        samples=tuple(by_wording.values()),
    )
