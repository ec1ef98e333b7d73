"""The lists of the desk: the day's, and readings that many desks share."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from bot.desk.lists import SharedReading, View, read_lists
from bot.gateway.push import CHANGED, said_event
from crm_core.crm import Crm
from crm_core.records.conversations import Owner
from crm_core.records.lists import Shelf
from crm_core.records.people import Actor, Agent


async def day(crm: Crm, agent: Agent) -> dict[Shelf, list[Any]]:
    return await read_lists(SharedReading(), crm, Actor(agent.id, agent.role), View(), View().shelves)


async def test_the_queue_says_who_waits_in_which_order_and_why(crm: Crm, shop: Any, clock: Any) -> None:
    ada = shop.hire("Ada")
    first = shop.talk("where is my parcel", name="Mei Lin", email="mei@example.com")
    clock.advance(seconds=30)
    second = shop.talk("我要退货", language="zh")
    waiting = (await day(crm, ada))[Shelf.WAITING]
    assert [(item.conversation.id, item.position, item.reason) for item in waiting] == [
        (first.id, 1, "asked"),
        (second.id, 2, "asked"),
    ]
    assert [(item.name, item.conversation.language, item.preview) for item in waiting] == [
        ("M*** L***", "en", "where is my parcel"),
        (None, "zh", "我要退货"),
    ]


async def test_a_taken_conversation_moves_from_the_queue_to_mine_and_then_to_the_closed(crm: Crm, shop: Any) -> None:
    ada, bo = shop.hire("Ada"), shop.hire("Bo")
    conversation = shop.talk("hello there")
    crm.conversations.take(conversation.id, ada.id)
    assert [item.conversation.id for item in (await day(crm, ada))[Shelf.MINE]] == [conversation.id]
    bos = await day(crm, bo)
    assert bos[Shelf.MINE] == bos[Shelf.WAITING] == []
    crm.conversations.accept(conversation.id, {"text": "are you there?"})
    [mine] = (await day(crm, ada))[Shelf.MINE]
    assert (mine.unread, mine.preview) == (True, "are you there?")
    crm.conversations.finish(conversation.id, ada.id)
    lists = await day(crm, ada)
    assert lists[Shelf.MINE] == []
    assert [item.conversation.id for item in lists[Shelf.CLOSED]] == [conversation.id]


async def test_who_asks_while_a_reading_is_under_way_gets_one_that_began_after_asking() -> None:
    shared, begun, go = SharedReading(), threading.Event(), threading.Event()
    readings = 0

    def read() -> int:
        nonlocal readings
        readings += 1
        mine = readings
        begun.set()
        go.wait(5)
        return mine

    first = asyncio.create_task(shared.read("queue", read))
    await asyncio.to_thread(begun.wait, 5)
    later = [asyncio.create_task(shared.read("queue", read)) for _ in range(20)]
    await asyncio.sleep(0)
    go.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 20, "one reading for all twenty"


async def test_a_reading_that_fails_fails_for_who_asked_and_the_next_is_made_anew() -> None:
    shared = SharedReading()
    answers = iter([ValueError("away"), 3])

    def read() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    result = await asyncio.gather(shared.read("queue", read), return_exceptions=True)
    assert isinstance(result[0], ValueError)
    assert await shared.read("queue", read) == 3


def test_only_the_days_lists_that_words_can_change_are_read_again() -> None:
    day, mine, talk = View(), "agent-1", "conversation-1"
    assert day.touched(said_event(talk, Owner.QUEUE.value, None), mine) == {Shelf.WAITING, Shelf.OFFERED}
    assert day.touched(said_event(talk, Owner.HUMAN.value, mine), mine) == {Shelf.MINE, Shelf.OFFERED}
    assert day.touched(CHANGED, mine) == set(day.shelves)  # it changed hands, or nobody knows what happened
    assert not day.touched(said_event(talk, Owner.HUMAN.value, "agent-2"), mine)
    assert not day.touched(said_event(talk, Owner.BOT.value, None), mine)


def test_a_list_of_all_conversations_is_read_again_for_each_word() -> None:
    assert View(Shelf.OPEN).touched(said_event("conversation-1", Owner.BOT.value, None), "agent-1") == {Shelf.OPEN}


async def test_what_was_read_a_moment_ago_does_for_those_who_say_so() -> None:
    shared, readings = SharedReading(), iter(range(10))
    assert await shared.read_lately("members", lambda: next(readings), 60) == 0
    assert await shared.read_lately("members", lambda: next(readings), 60) == 0
    assert await shared.read("members", lambda: next(readings)) == 1
    assert await shared.read_lately("members", lambda: next(readings), 0) == 2
