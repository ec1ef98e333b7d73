"""Ready-made replies: shipped, changed by supervisors, filled for one conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.conversations.canned import ReplyInvalid, unfilled
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed
from crm_core.language import LANGUAGES
from crm_core.records.conversations import TurnResult
from crm_core.records.people import SYSTEM, Actor, Agent
from crm_core.use_cases.canned_replies import ReplyNotFound
from tests.crm_core.use_cases.talking import begun, employed, leased
from tests.small_shop import SmallShop

SHIPPED = Path(__file__).parents[3] / "data" / "replies"


def as_actor(agent: Agent) -> Actor:
    return Actor(agent.id, agent.role)


@pytest.fixture
def sam(any_crm: Crm) -> Actor:
    return as_actor(employed(any_crm, "Sam", "supervisor"))


def test_the_shipped_replies_are_in_both_languages_with_the_same_places(any_crm: Crm) -> None:
    assert any_crm.canned_replies.load(SHIPPED) == len(any_crm.canned_replies.all()) >= 10
    for reply in any_crm.canned_replies.all():
        assert set(reply.texts) == set(LANGUAGES), reply.shortcut
        assert set(unfilled(reply.texts["en"])) == set(unfilled(reply.texts["zh"])), reply.shortcut


def test_what_supervisors_changed_or_deleted_stays_so_when_loaded_again(any_crm: Crm, sam: Actor) -> None:
    any_crm.canned_replies.load(SHIPPED)
    first, second, *rest = any_crm.canned_replies.all()
    any_crm.canned_replies.save("", {"en": "Ours"}, actor=sam, known=first)
    any_crm.canned_replies.delete(second.shortcut, actor=sam)
    assert any_crm.canned_replies.load(SHIPPED) == 0
    now = {reply.shortcut: reply.texts for reply in any_crm.canned_replies.all()}
    assert now[first.shortcut] == {"en": "Ours"}
    assert now.keys() == {first.shortcut, *(reply.shortcut for reply in rest)}


def test_loading_from_nothing_or_from_nonsense(any_crm: Crm, tmp_path: Path) -> None:
    assert any_crm.canned_replies.load(tmp_path) == 0
    (tmp_path / "replies.toml").write_text("[hello\n")
    with pytest.raises(InvalidInput, match="not TOML"):
        any_crm.canned_replies.load(tmp_path)


def test_only_supervisors_write_them_and_two_at_once_are_told(any_crm: Crm, sam: Actor) -> None:
    mei = as_actor(employed(any_crm, "Mei"))
    with pytest.raises(NotAllowed):
        any_crm.canned_replies.save("hi", {"en": "Hi"}, actor=mei, known=None)
    made = any_crm.canned_replies.save("/Hi", {"en": " Hi ", "zh": ""}, actor=sam, known=None)
    assert (made.shortcut, made.texts) == ("hi", {"en": "Hi"})
    with pytest.raises(ReplyInvalid):
        any_crm.canned_replies.save("hi", {"en": "Hello"}, actor=sam, known=None)
    any_crm.canned_replies.save("hi", {"en": "Hello"}, actor=sam, known=made)
    with pytest.raises(Conflict):
        any_crm.canned_replies.save("hi", {"en": "Hallo"}, actor=sam, known=made)
    with pytest.raises(NotAllowed):
        any_crm.canned_replies.delete("hi", actor=mei)
    any_crm.canned_replies.delete("hi", actor=sam)
    with pytest.raises(ReplyNotFound):
        any_crm.canned_replies.delete("hi", actor=sam)
    any_crm.canned_replies.save("hi", {"en": "Back"}, actor=sam, known=None)
    assert [reply.texts for reply in any_crm.canned_replies.all()] == [{"en": "Back"}]


def test_places_are_filled_in_the_customers_language(any_crm: Crm, sam: Actor) -> None:
    mei = as_actor(employed(any_crm, "Mei"))
    texts = {
        "en": "Hello {customer_name}, {agent_name} here, order {order_number}, {today}",
        "zh": "{customer_name}，{agent_name}，{order_number}，{today}",
    }
    any_crm.canned_replies.save("all", texts, actor=sam, known=None)
    talk = begun(any_crm, "hello")
    fill = any_crm.canned_replies.fill
    assert fill("all", talk, actor=mei) == "Hello there, Mei here, order {order_number}, March 2, 2026"
    trace = {"slots": {"order_number": "RP100234"}}
    any_crm.conversations.finish_turn(leased(any_crm, talk), TurnResult([{"text": "Yes"}], trace))
    any_crm.conversations.set_language(talk, "zh")
    assert fill("all", talk, actor=mei) == "尊敬的客户，Mei，RP100234，2026年3月2日"
    with pytest.raises(ReplyNotFound):
        fill("none", talk, actor=mei)
    with pytest.raises(NotAllowed):
        fill("all", talk, actor=Actor("visitor", "customer"))


def test_a_name_is_used_by_those_who_may_see_it_and_that_is_logged(any_crm: Crm, sam: Actor) -> None:
    shop = SmallShop(any_crm)
    anna = shop.customer()
    shop.order(customer=anna)
    talk = shop.signed_in(anna)
    mei = as_actor(employed(any_crm, "Mei"))
    any_crm.canned_replies.save("hi", {"en": "{customer_name} {order_number}"}, actor=sam, known=None)
    assert any_crm.canned_replies.fill("hi", talk, actor=mei) == "there RP100234"
    assert any_crm.staff.accesses(anna, actor=SYSTEM) == []
    assert any_crm.canned_replies.fill("hi", talk, actor=sam) == "Anna Berg RP100234"
    assert [entry.action for entry in any_crm.staff.accesses(anna, actor=SYSTEM)] == ["customer_name_used"]
    any_crm.privacy.erase(anna, actor=SYSTEM)
    assert any_crm.canned_replies.fill("hi", talk, actor=sam).startswith("there")
