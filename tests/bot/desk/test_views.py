"""What the desk reads: the lists, the talk, the customer, the turns."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.views import read_portrait, read_talk, read_turns
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.records.identity import Proof
from crm_core.records.people import SYSTEM, Actor, Agent, Role
from tests.small_shop import EMAIL, PHONE, SmallShop


def actor(agent: Agent) -> Actor:
    """Give somebody as rights know one."""
    return Actor(agent.id, agent.role)


def test_an_agent_sees_masked_values_and_a_supervisor_may_see_them_whole_and_is_logged(crm: Crm, shop: Any) -> None:
    ada, sam = shop.hire("Ada"), shop.hire("Sam", Role.SUPERVISOR)
    conversation = shop.talk("hi", name="Mei Lin", email="mei.lin@example.com", phone="+14155550132")
    masked = read_portrait(crm, conversation.id, actor(ada), "en").customer
    assert (masked.name, masked.emails, masked.phones) == ("M*** L***", ("m***@example.com",), ("***0132",))
    whole = crm.customers.get(masked.id, actor=actor(sam), unmask=True)
    assert (whole.name, whole.emails) == ("Mei Lin", ("mei.lin@example.com",))
    boss = Actor("boss", Role.ADMIN)
    assert [entry.actor for entry in crm.staff.accesses(masked.id, actor=boss)] == [sam.id]


def test_the_portrait_of_somebody_new_is_empty_and_not_an_error(crm: Crm, shop: Any) -> None:
    portrait = read_portrait(crm, shop.talk("hi").id, actor(shop.hire("Ada")), "en")
    assert (portrait.segment, portrait.scores, portrait.orders, portrait.feedback) == (None, {}, [], [])
    assert (portrait.served, portrait.earlier, portrait.may_sell) == ([], [], True)


def test_earlier_conversations_are_those_of_the_same_customer(crm: Crm, shop: Any) -> None:
    first = shop.talk("one", person=False, email="mei@example.com")
    crm.conversations.close(first.id)
    second = crm.conversations.open("web", "another browser", customer_id=first.customer_id)
    assert [one.id for one in read_portrait(crm, second.id, actor(shop.hire("Ada")), "en").earlier] == [first.id]


def test_nothing_is_sold_to_somebody_who_has_just_complained(crm: Crm, shop: Any) -> None:
    conversation = shop.talk("this is broken")
    entry = {"conversation_id": conversation.id, "customer_id": conversation.customer_id}
    crm.feedback.record("this is broken", source="chat", **entry)
    ada = actor(shop.hire("Ada"))
    told = read_portrait(crm, conversation.id, ada, "en")
    complained = any(row.sentiment == "negative" for row in told.feedback)
    assert told.may_sell is not complained


def test_each_turn_comes_with_the_text_it_answered_the_newest_first(crm: Crm, shop: Any) -> None:
    conversation = shop.talk("where is my order", person=False)
    crm.conversations.accept(conversation.id, {"text": "and when?"})
    turn = crm.conversations.next_turn(conversation.id, "test", lease_seconds=30)
    assert turn is not None
    crm.conversations.delay_turn(turn, retry_after_seconds=1)
    [explained] = read_turns(crm, conversation.id)
    assert (explained.text, explained.turn.intent) == ("where is my order", "ask_order_status")


def test_the_talk_tells_who_has_it_and_whether_it_waits(crm: Crm, shop: Any) -> None:
    ada = shop.hire("Ada")
    conversation = shop.talk("hello")
    waiting = read_talk(crm, conversation.id, actor(ada))
    assert waiting.waiting is not None
    crm.conversations.take(conversation.id, ada.id)
    taken = read_talk(crm, conversation.id, actor(ada))
    assert (taken.waiting, taken.agents[taken.conversation.agent_id or ""]) == (None, "Ada")


def test_nothing_that_an_agent_is_shown_of_a_customer_holds_a_personal_value_whole(crm: Crm, shop: Any) -> None:
    small = SmallShop(crm)
    anna = small.customer()
    small.order(customer=anna)
    talk = small.signed_in(anna)
    crm.orders.change_address(talk, "RP100234", address="5 Park Lane, Boston MA 02110")
    crm.tickets.owed_to(anna)
    ada = shop.hire("Ada")
    shown = repr(read_portrait(crm, talk, actor(ada), "en")) + repr(read_talk(crm, talk, actor(ada)))
    for value in ("Anna", "Berg", EMAIL, PHONE, "2025550143", "Park Lane"):
        assert value not in shown
    with pytest.raises(NotAllowed):
        read_portrait(crm, talk, actor(ada), "en", unmask=True)
    assert crm.staff.accesses(anna, actor=SYSTEM) == []


def test_every_value_that_is_shown_whole_leaves_its_line_in_the_access_log(crm: Crm, shop: Any) -> None:
    anna = SmallShop(crm).customer()
    sam = shop.hire("Sam", Role.SUPERVISOR)
    masked = crm.customers.get(anna, actor=actor(sam))
    whole = crm.customers.get(anna, actor=actor(sam), unmask=True)
    differs = {name for name in ("name", "emails", "phones", "city", "country", "number", "attributes", "language")
               if getattr(masked, name) != getattr(whole, name)}  # fmt: skip
    [entry] = crm.staff.accesses(anna, actor=SYSTEM)
    assert {name.removesuffix("s") for name in differs} == set(entry.fields) == {"name", "email", "phone"}


def test_the_portrait_tells_what_is_promised_and_agreed(crm: Crm, shop: Any) -> None:
    small = SmallShop(crm)
    anna = small.customer()
    small.order(customer=anna)
    talk = small.signed_in(anna)
    crm.orders.request_invoice(talk, "RP100234")
    crm.customers.set_consent(anna, "marketing", False, source="test")
    portrait = read_portrait(crm, talk, actor(shop.hire("Ada")), "en")
    assert [wish.kind for wish in portrait.requests] == ["invoice"]
    assert portrait.consents == {"marketing": False}
    assert portrait.sureness.proof is Proof.TOKEN
