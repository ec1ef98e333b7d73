"""An agent is offered what the articles say and what colleagues answered; what came of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.records.articles import ArticleText, EditedArticle
from crm_core.records.people import SYSTEM, Actor, Agent
from crm_core.records.suggestions import Fate, Source
from crm_core.storage.tables import suggestions
from crm_core.use_cases.suggestions import SuggestionNotFound
from tests.crm_core.use_cases.talking import employed
from tests.small_shop import SmallShop

WASHED = "can I still return a shirt that I have washed once"
REPLY = "Hi Anna, a washed shirt can go back within 30 days if the label is on. Your order RP100234 qualifies, Berg."


@pytest.fixture
def mei(any_crm: Crm) -> Agent:
    return employed(any_crm, "Mei")


def actor(agent: Agent) -> Actor:
    """Give somebody as rights know one."""
    return Actor(agent.id, agent.role)


def taken(crm: Crm, agent: Agent, text: str, customer: str | None = None) -> str:
    """Open a conversation in which a customer has asked and an agent came."""
    talk = crm.conversations.open("web", new_id())
    if customer:
        crm.conversations.identify(talk.id, customer)
    crm.conversations.take(talk.id, agent.id)
    crm.conversations.accept(talk.id, {"text": text})
    return talk.id


def answered_before(crm: Crm, agent: Agent) -> None:
    """Let a colleague have answered a like question of a customer whom the shop knows."""
    shop = SmallShop(crm)
    anna = shop.customer()
    shop.order(customer=anna)
    talk = taken(crm, agent, WASHED, anna)
    crm.conversations.say(talk, agent.id, REPLY)
    crm.conversations.finish(talk, agent.id)
    crm.question_topics.gather()


def test_what_a_colleague_answered_in_a_like_case_is_offered_without_whom_it_was_told(any_crm: Crm, mei: Agent) -> None:
    answered_before(any_crm, employed(any_crm, "Bo"))
    talk = taken(any_crm, mei, "I washed a shirt once, can I return it?")
    [found] = any_crm.suggestions.of(talk, actor=actor(mei))
    assert (found.source, found.title) == (Source.COLLEAGUE, WASHED)
    assert found.text == (
        "Hi, a washed shirt can go back within 30 days if the label is on. Your order *** qualifies, ***."
    )


def test_the_articles_are_offered_beside_it_and_three_at_the_most(any_crm: Crm, mei: Agent) -> None:
    text = ArticleText("Washed clothes", "**Washed** shirts can be returned while the label is on.", (WASHED,))
    any_crm.articles.create(EditedArticle("washed", "returns", {"en": text}), actor=SYSTEM)
    answered_before(any_crm, mei)
    talk = taken(any_crm, mei, "can I return a shirt that I have washed")
    found = any_crm.suggestions.of(talk, actor=actor(mei))
    assert [one.source for one in found] == [Source.ARTICLE, Source.COLLEAGUE]
    assert (found[0].reference, found[0].text) == ("washed", "Washed shirts can be returned while the label is on.")


def test_nothing_is_offered_to_others_nor_once_it_was_answered(any_crm: Crm, mei: Agent) -> None:
    bo = employed(any_crm, "Bo")
    answered_before(any_crm, bo)
    talk = taken(any_crm, mei, WASHED)
    assert any_crm.suggestions.of(talk, actor=actor(bo)) == []
    assert any_crm.suggestions.of(talk, actor=actor(mei))
    any_crm.conversations.say(talk, mei.id, "Yes, you can.")
    assert any_crm.suggestions.of(talk, actor=actor(mei)) == []
    with pytest.raises(NotAllowed):
        any_crm.suggestions.of(talk, actor=Actor("x", "customer"))


def fates(crm: Crm) -> list[tuple[str | None, bool]]:
    """What is kept of the suggestions: their outcome, and whether they were sent."""
    with crm.database.reading() as connection:
        return [(row.outcome, row.sent_at is not None) for row in connection.execute(sa.select(suggestions))]


def test_each_outcome_is_kept_once_and_what_was_dismissed_is_not_shown_again(any_crm: Crm, mei: Agent) -> None:
    answered_before(any_crm, mei)
    talk = taken(any_crm, mei, WASHED)
    [one] = any_crm.suggestions.of(talk, actor=actor(mei))
    assert any_crm.suggestions.of(talk, actor=actor(mei)) == [one]
    assert fates(any_crm) == [(None, False)]
    any_crm.suggestions.accept(one.id, actor=actor(mei))
    assert fates(any_crm) == [("accepted", False)]
    assert any_crm.suggestions.sent(one, "something else altogether: no", actor=actor(mei)) is None
    assert any_crm.suggestions.sent(one, one.text + " Shall I?", actor=actor(mei)) is Fate.EDITED
    assert any_crm.suggestions.sent(one, f" {one.text}\n", actor=actor(mei)) is Fate.ACCEPTED
    assert fates(any_crm) == [("accepted", True)]
    today = any_crm.reports.today()
    report = any_crm.reports.suggestions(any_crm.reports.period(today, today))
    assert (report.shown, report.sent, report.edited, report.used_rate) == (1, 1, 0, 1.0)
    any_crm.suggestions.dismiss(one.id, actor=actor(mei))
    assert any_crm.suggestions.of(talk, actor=actor(mei)) == []
    with pytest.raises(SuggestionNotFound):
        any_crm.suggestions.dismiss(new_id(), actor=actor(mei))


def test_the_reply_to_an_erased_customer_is_offered_no_more(any_crm: Crm, mei: Agent, clock: Any) -> None:
    answered_before(any_crm, mei)
    anna = any_crm.customers.by_number("C10001")
    assert anna is not None
    any_crm.privacy.erase(anna, actor=SYSTEM)
    assert any_crm.suggestions.of(taken(any_crm, mei, WASHED), actor=actor(mei)) == []
