"""Answers and verdicts are kept; what was missed becomes a list; people's answers become candidates."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, NotAllowed
from crm_core.records.articles import ArticleText, EditedArticle
from crm_core.records.people import Actor
from crm_core.records.questions import ArticleUse, Outcome, TopicStatus
from crm_core.records.shop import Passage
from crm_core.storage.tables import questions
from crm_core.use_cases.articles import ArticleNotFound
from crm_core.use_cases.question_topics import TopicNotFound
from tests.crm_core.use_cases.talking import answer, begun, employed, leased

MANAGER = Actor("m1", "manager")
WARRANTY = Passage("warranty", "Warranty", "Two years.", "en", "warranty", 0.9)
RETURNS = Passage("returns", "Returns", "Thirty days.", "en", "returns", 0.7)
REPAIRS = EditedArticle("repairs", "service", {"en": ArticleText("Repairs", "We repair.", questions=("mending?",))})
NOBODY = "018f0000-0000-7000-8000-00000000dead"


def talking(crm: Crm, visitor: str = "visitor-1") -> str:
    return crm.conversations.open("web", visitor).id


def miss(crm: Crm, talk: str, *texts: str, outcome: Outcome = Outcome.UNKNOWN, language: str = "en") -> None:
    for text in texts:
        crm.questions.missed(talk, text, outcome, message_id=text, language=language)


def test_an_answer_and_the_verdict_on_it_are_kept(any_crm: Crm) -> None:
    talk = talking(any_crm)
    asked = any_crm.questions.answered(talk, "how long is the warranty? a@b.com", WARRANTY, message_id="m1")
    assert asked == any_crm.questions.answered(talk, "how long is the warranty?", WARRANTY, message_id="m1")
    assert asked is not None
    judged = any_crm.questions.judge(asked, talk, helped=True)
    assert judged is not None
    assert (judged.question.text, judged.question.score) == ("how long is the warranty? a***@b.com", 0.9)
    assert judged.quoted == {"warranty"}
    use = any_crm.questions.use_of_articles()
    assert use == {"warranty": ArticleUse("warranty", 1, 1, 0)}
    assert use["warranty"].helpful == 1.0


def test_the_next_best_knows_what_was_quoted_before(any_crm: Crm) -> None:
    talk = talking(any_crm)
    first = any_crm.questions.answered(talk, "broken", WARRANTY, message_id="m1")
    assert first is not None
    second = any_crm.questions.answered(talk, "broken", RETURNS, message_id="m2", follows=first)
    assert second is not None
    judged = any_crm.questions.judge(second, talk, helped=False)
    assert judged is not None
    assert judged.quoted == {"warranty", "returns"}


def test_nobody_judges_another_conversations_answer(crm: Crm) -> None:
    asked = crm.questions.answered(talking(crm), "broken", WARRANTY, message_id="m1")
    assert asked is not None
    assert crm.questions.judge(asked, talking(crm, "visitor-2"), helped=True) is None
    assert crm.questions.use_of_articles()["warranty"].helpful is None


def test_a_conversation_that_is_not_known_has_no_questions(crm: Crm) -> None:
    assert crm.questions.answered(NOBODY, "broken", WARRANTY, message_id="m1") is None


def test_what_was_missed_is_listed_by_likeness(any_crm: Crm) -> None:
    talk = talking(any_crm)
    miss(any_crm, talk, "do you repair teapots?", "could you repair my teapot", "?!")
    miss(any_crm, talk, "你们修茶壶吗", outcome=Outcome.FALLBACK, language="zh")
    asked = any_crm.questions.answered(talk, "teapot repair possible?", WARRANTY, message_id="m9")
    assert asked is not None
    any_crm.questions.judge(asked, talk, helped=False)
    assert any_crm.question_topics.refresh() == 4
    english, chinese = any_crm.question_topics.topics()
    assert (english.language, english.unanswered) == ("en", 3)
    assert english.reasons == {"unknown": 2, "not_helped": 1}
    assert (chinese.language, chinese.reasons) == ("zh", {"fallback": 1})
    assert {sample.text for sample in chinese.samples} == {"你们修茶壶吗"}
    assert any_crm.question_topics.refresh() == 0


def test_what_the_next_best_solved_is_not_missed(any_crm: Crm) -> None:
    talk = talking(any_crm)
    first = any_crm.questions.answered(talk, "teapot repair", WARRANTY, message_id="m1")
    assert first is not None
    any_crm.questions.judge(first, talk, helped=False)
    second = any_crm.questions.answered(talk, "teapot repair", RETURNS, message_id="m2", follows=first)
    assert second is not None
    any_crm.questions.judge(second, talk, helped=True)
    assert any_crm.question_topics.refresh() == 0


def test_a_topic_is_decided_on_and_opens_again_when_it_is_asked_once_more(any_crm: Crm, clock: Any) -> None:
    talk = talking(any_crm)
    miss(any_crm, talk, "do you repair teapots?", "can I rent a bicycle?")
    topics = any_crm.question_topics
    topics.refresh()
    any_crm.articles.create(REPAIRS, actor=MANAGER)
    teapots, bicycles = sorted(topics.topics(), key=lambda topic: topic.samples[0].text, reverse=True)
    topics.decide(teapots.id, "answered", actor=MANAGER, slug="repairs")
    topics.decide(bicycles.id, "dismissed", actor=MANAGER)
    assert topics.topics() == []
    assert topics.topic(teapots.id).slug == "repairs"
    assert any_crm.articles.get("repairs").text("en").questions == ("mending?", "do you repair teapots?")
    clock.advance(days=1)
    miss(any_crm, talk, "will you repair my teapot", "could I rent a bicycle")
    topics.refresh()
    assert [topic.id for topic in topics.topics()] == [teapots.id]
    assert topics.topic(bicycles.id).status is TopicStatus.DISMISSED


def test_only_managers_decide_and_an_answer_names_its_article(crm: Crm) -> None:
    miss(crm, talking(crm), "do you repair teapots?")
    crm.question_topics.refresh()
    topic = crm.question_topics.topics()[0]
    with pytest.raises(NotAllowed):
        crm.question_topics.decide(topic.id, "dismissed", actor=Actor("a1", "agent"))
    with pytest.raises(InvalidInput, match="which article"):
        crm.question_topics.decide(topic.id, "answered", actor=MANAGER)
    with pytest.raises(ArticleNotFound):
        crm.question_topics.decide(topic.id, "answered", actor=MANAGER, slug="nothing")
    with pytest.raises(TopicNotFound):
        crm.question_topics.decide(NOBODY, "dismissed", actor=MANAGER)


def test_what_a_person_answered_becomes_a_candidate(any_crm: Crm, clock: Any) -> None:
    agent = employed(any_crm, "Ada")
    talk = begun(any_crm, "do you sharpen kitchen knives?")
    any_crm.conversations.finish_turn(leased(any_crm, talk), answer("I don't know."))
    clock.advance(seconds=5)
    any_crm.conversations.accept(talk, {"text": "get me a human being please"})
    wish = {"intent": {"name": "request_person", "confidence": 0.9}, "fallback": False}
    any_crm.conversations.finish_turn(leased(any_crm, talk), answer("Of course.", trace=wish))
    any_crm.conversations.take(talk, agent.id)
    clock.advance(seconds=5)
    any_crm.conversations.say(talk, agent.id, "Yes, we sharpen kitchen knives for five dollars, call 202 555 0143.")
    assert any_crm.question_topics.refresh() == 0, "the conversation with the person has not ended"
    clock.advance(seconds=5)
    any_crm.conversations.finish(talk, agent.id)
    assert any_crm.question_topics.refresh() == 1
    (topic,) = any_crm.question_topics.topics()
    assert (topic.unanswered, topic.replies) == (0, 1)
    assert topic.reply is not None
    assert topic.reply.text == "do you sharpen kitchen knives?"
    assert topic.reply.reply == "Yes, we sharpen kitchen knives for five dollars, call ***0143."
    assert any_crm.question_topics.refresh() == 0


def test_the_words_of_an_erased_customer_are_gone(crm: Crm) -> None:
    talk = talking(crm)
    miss(crm, talk, "do you repair teapots?")
    crm.question_topics.refresh()
    miss(crm, talk, "is there parking")
    exported = crm.privacy.export(crm.conversations.get(talk).customer_id, actor=MANAGER)
    assert [row["text"] for row in exported["questions"]] == ["do you repair teapots?", "is there parking"]
    crm.privacy.erase(crm.conversations.get(talk).customer_id, actor=MANAGER)
    assert crm.question_topics.topics() == []
    assert crm.question_topics.refresh() == 0
    with crm.database.reading() as connection:
        assert b"teapots" not in b"".join(connection.scalars(sa.select(questions.c.text_encrypted)))
