"""What the desk reads: the lists, the talk, the customer, the turns."""

from __future__ import annotations

from typing import Any

from bot.desk.views import read_lists, read_portrait, read_talk, read_turns
from crm_core.crm import Crm
from crm_core.records.people import Actor, Agent, Role


def actor(agent: Agent) -> Actor:
    """Give somebody as rights know one."""
    return Actor(agent.id, agent.role)


def test_the_queue_says_who_waits_in_which_order_and_why(crm: Crm, shop: Any, clock: object) -> None:
    ada = shop.hire("Ada")
    first = shop.talk("where is my parcel", name="Mei Lin", email="mei@example.com")
    clock.advance(seconds=30)  # type: ignore[attr-defined]
    second = shop.talk("我要退货", language="zh")
    waiting = read_lists(crm, ada, "en").waiting
    assert [(item.conversation_id, item.position, item.reason) for item in waiting] == [
        (first.id, 1, "asked"),
        (second.id, 2, "asked"),
    ]
    assert [(item.name, item.language, item.preview) for item in waiting] == [
        ("M*** L***", "en", "where is my parcel"),
        (None, "zh", "我要退货"),
    ]


def test_a_taken_conversation_moves_from_the_queue_to_mine_and_then_to_the_closed(crm: Crm, shop: Any) -> None:
    ada, bo = shop.hire("Ada"), shop.hire("Bo")
    conversation = shop.talk("hello there")
    crm.conversations.take(conversation.id, ada.id)
    assert [item.conversation_id for item in read_lists(crm, ada, "en").mine] == [conversation.id]
    assert read_lists(crm, bo, "en").mine == read_lists(crm, bo, "en").waiting == []
    crm.conversations.accept(conversation.id, {"text": "are you there?"})
    [mine] = read_lists(crm, ada, "en").mine
    assert (mine.unread, mine.preview) == (True, "are you there?")
    crm.conversations.finish(conversation.id, ada.id)
    lists = read_lists(crm, ada, "en")
    assert lists.mine == []
    assert [(item.conversation_id, item.ending) for item in lists.recent] == [(conversation.id, "solved_by_person")]


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
    assert (portrait.segment, portrait.intent, portrait.orders, portrait.feedback) == (None, None, [], [])
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
