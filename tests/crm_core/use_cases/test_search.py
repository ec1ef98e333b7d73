"""Conversations are found by what was said in them, though it lies sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.records.conversations import Author
from crm_core.records.people import SYSTEM, Actor, Role
from crm_core.records.search import Where
from crm_core.storage.tables import search_words
from tests.crm_core.use_cases.talking import answered, employed
from tests.small_shop import SmallShop

ADA = Actor("a1", Role.AGENT)


def said_in(crm: Crm, *texts: str, channel: str = "web") -> str:
    """Open a conversation in which a customer has written, and have it indexed."""
    conversation = crm.conversations.open(channel, new_id())
    for text in texts:
        crm.conversations.accept(conversation.id, {"text": text})
    index_all(crm)
    return conversation.id


def index_all(crm: Crm) -> None:
    """Take everything into the index."""
    while crm.search.index():
        pass


def found(crm: Crm, text: str, where: Where | None = None) -> list[str]:
    """Give the conversations in which something was said."""
    return [hit.conversation.id for hit in crm.search.find(text, actor=ADA, where=where or Where()).hits]


def test_the_newest_conversation_with_all_words_comes_first(any_crm: Crm, clock: Any) -> None:
    first = said_in(any_crm, "the parcel is late", "hello")
    clock.advance(minutes=1)
    second = said_in(any_crm, "Where is my PARCEL? It is late.", "the late parcel came")
    said_in(any_crm, "late", "parcel")
    assert found(any_crm, "parcel late") == [second, first]
    [newest, _] = any_crm.search.find("parcel late", actor=ADA).hits
    assert (newest.seq, newest.author) == (2, Author.CUSTOMER)
    assert [part.text for part in newest.parts if part.hit] == ["late", "parcel"]


def test_chinese_is_found_in_either_script_and_a_phrase_only_as_it_was_said(any_crm: Crm) -> None:
    talk = said_in(any_crm, "我想退貨，因為茶壺破了")
    assert found(any_crm, "退货 茶壶") == [talk]
    assert found(any_crm, "货退") == []
    assert found(any_crm, '"因为茶壶"') == [talk]
    assert found(any_crm, '"茶壶因为"') == []


def test_what_the_bot_and_colleagues_said_is_found_and_what_the_system_noted_is_not(any_crm: Crm) -> None:
    talk = said_in(any_crm, "hi")
    answered(any_crm, talk, "Your refund is on its way.")
    any_crm.conversations.take(talk, employed(any_crm, "Mei").id)
    index_all(any_crm)
    assert found(any_crm, "refund way") == [talk]
    assert found(any_crm, "agent_joined") == []


def test_a_conversation_that_goes_on_is_indexed_on(any_crm: Crm, clock: Any) -> None:
    talk = said_in(any_crm, "first words")
    clock.advance(hours=5)
    said_in(any_crm, "others")
    clock.advance(hours=5)
    any_crm.conversations.accept(talk, {"text": "second thoughts"})
    assert any_crm.search.index() == 1
    assert any_crm.search.index() == 0
    assert found(any_crm, "first words") == found(any_crm, "second thoughts") == [talk]


def test_filters_keep_the_rest_away(any_crm: Crm, clock: Any) -> None:
    mei = employed(any_crm, "Mei")
    old = said_in(any_crm, "a teapot", channel="rest")
    any_crm.conversations.take(old, mei.id)
    any_crm.conversations.hand_back(old, mei.id)
    any_crm.conversations.close(old)
    clock.advance(days=2)
    new = said_in(any_crm, "a teapot")
    assert found(any_crm, "teapot") == [new, old]
    assert found(any_crm, "teapot", Where(status="closed")) == [old]
    assert found(any_crm, "teapot", Where(agent_id=mei.id)) == [old]
    assert found(any_crm, "teapot", Where(channel="web")) == [new]
    assert found(any_crm, "teapot", Where(since=clock() - timedelta(days=1))) == [new]
    assert found(any_crm, "teapot", Where(before=clock() - timedelta(days=1))) == [old]


def test_more_than_fit_are_told_of(any_crm: Crm) -> None:
    for _ in range(3):
        said_in(any_crm, "teapot")
    shown = any_crm.search.find("teapot", actor=ADA, limit=2)
    assert (len(shown.hits), shown.more) == (2, True)
    assert not any_crm.search.find("teapot", actor=ADA, limit=3).more


def test_a_query_without_a_word_is_told_so_and_finds_nothing(any_crm: Crm) -> None:
    assert any_crm.search.find("茶", actor=ADA).too_short
    assert not any_crm.search.find("nothing", actor=ADA).too_short


def test_the_index_tells_no_word(any_crm: Crm) -> None:
    said_in(any_crm, "teapot teapot")
    with any_crm.database.reading() as connection:
        [row] = connection.execute(sa.select(search_words)).all()
    assert isinstance(row.word, int)
    assert (row.seq, "teapot" in str(row)) == (1, False)


def test_who_searched_and_what_was_shown_is_in_the_access_log_and_the_words_are_not(any_crm: Crm) -> None:
    talk = said_in(any_crm, "Mei Lin bought a teapot")
    found(any_crm, "Mei Lin")
    [entry] = any_crm.staff.accesses("search", actor=SYSTEM)
    assert (entry.actor, entry.action, entry.fields) == ("a1", "conversations_searched", (talk,))


def test_who_may_not_search_finds_nothing(any_crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        any_crm.search.find("teapot", actor=Actor("x", "customer"))


def test_after_erasure_nothing_is_left_in_the_index_and_nothing_comes_back(any_crm: Crm) -> None:
    shop = SmallShop(any_crm)
    anna = shop.customer()
    talk = shop.signed_in(anna)
    any_crm.conversations.accept(talk, {"text": "my teapot broke"})
    index_all(any_crm)
    any_crm.conversations.accept(talk, {"text": "a second teapot broke"})  # not indexed yet
    any_crm.privacy.erase(anna, actor=SYSTEM)
    index_all(any_crm)
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(search_words)) == 0
    assert found(any_crm, "teapot broke") == []


def test_words_read_before_an_erasure_are_not_written_after_it(any_crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = SmallShop(any_crm)
    anna = shop.customer()
    any_crm.conversations.accept(shop.signed_in(anna), {"text": "my teapot broke"})
    read = any_crm.search._read

    def read_and_be_late(connection: Any, row: Any) -> Any:
        found = read(connection, row)
        any_crm.privacy.erase(anna, actor=SYSTEM)
        return found

    monkeypatch.setattr(any_crm.search, "_read", read_and_be_late)
    any_crm.search.index()
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(search_words)) == 0
