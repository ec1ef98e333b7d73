"""What users of other products complain of, each made impossible here as far as the chat goes."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway import chat
from bot.gateway.push import CHANGED, conversation_topic
from bot.gateway.visitors import sign_customer
from crm_core.crm import Crm
from crm_core.records.conversations import HandoffWish, TurnResult
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway


async def test_an_answer_given_while_the_line_was_down_is_there_when_it_is_back(
    gateway: Gateway, assistant: FakeAssistant
) -> None:
    """Elsewhere what the bot or an agent says while the socket is down is sent into the void and never shown."""
    assistant.pauses["slow"] = 0.1
    token = await gateway.token()
    async with gateway.tab(token) as page:
        await page.write("slow")
        cursor = (await page.next("accepted"))["seq"]
    await asyncio.sleep(0.15)
    async with gateway.tab(token, cursor=cursor) as page:
        assert (await page.said_by_bot("You said: slow"))["seq"] == cursor + 1


async def test_a_push_that_got_lost_is_made_good_by_the_next_ping(gateway: Gateway, crm: Crm) -> None:
    """Elsewhere a line that looks open shows nothing more, and only a reload brings what was missed."""
    async with gateway.tab() as page:
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")
        crm.conversations.accept(crm.conversations.recent()[0].id, {"text": "from elsewhere, and nobody was told"})
        await page.send(type="ping")
        await page.next("message", author="customer", seq=3)
        await page.next("pong")


async def test_what_is_sent_again_on_a_new_line_is_said_once(gateway: Gateway, assistant: FakeAssistant) -> None:
    """Elsewhere a client that was not told in time sends again, and its message is there, and answered, twice."""
    token = await gateway.token()
    for _ in range(3):
        async with gateway.tab(token) as page:
            await page.write("Hello", id="one")
            await page.next("accepted")
    async with gateway.tab(token) as page:
        await page.write("Bye")
        await page.said_by_bot("You said: Bye")
    assert [event["seq"] for event in page.messages()] == [1, 2, 3, 4]
    assert assistant.texts == ["Hello", "Bye"]


async def test_what_two_tabs_send_at_once_from_one_outbox_is_said_once(gateway: Gateway, crm: Crm) -> None:
    """Elsewhere each open tab resends the backlog after a reconnect, and each message multiplies by the tabs."""
    token = await gateway.token()
    async with gateway.tab(token) as one, gateway.tab(token) as other:
        for page in (one, other):
            await page.next("welcome")
        for number in range(3):
            await asyncio.gather(one.write(f"{number}", id=f"m{number}"), other.write(f"{number}", id=f"m{number}"))
        await one.said_by_bot("You said: 2")
        await other.said_by_bot("You said: 2")
    (conversation,) = crm.conversations.recent()
    said = [message.body["text"] for message in crm.conversations.messages(conversation.id)]
    assert sorted(said) == sorted(["0", "1", "2", "You said: 0", "You said: 1", "You said: 2"])


async def test_a_reload_begins_no_second_conversation(gateway: Gateway, crm: Crm) -> None:
    """Elsewhere every reload, or two tabs that begin together, open another conversation for the same person."""
    token = await gateway.token()
    async with gateway.tab(token) as one, gateway.tab(token) as other:
        await asyncio.gather(one.write("from one"), other.write("from the other"))
        await one.said_by_bot("You said: from one")
    async with gateway.tab(token) as page:
        await page.write("after the reload")
        await page.said_by_bot("You said: after the reload")
    assert len(crm.conversations.recent()) == 1


async def test_who_signs_in_keeps_the_talk_and_the_name_over_a_reload(
    gateway: Gateway, crm: Crm, settings: Settings
) -> None:
    """Elsewhere signing in, or a reload after it, turns a customer back into a nameless visitor with an empty chat."""
    token, customer = await gateway.token(), sign_customer(settings, "C1")
    async with gateway.tab(token) as page:
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")
    for _ in range(2):
        async with gateway.tab(token, customer_token=customer) as page:
            await page.said_by_bot("You said: Hello")
    (conversation,) = crm.conversations.recent()
    assert conversation.verified


async def test_typing_ends_when_the_bot_stays_silent(gateway: Gateway, assistant: FakeAssistant) -> None:
    """Elsewhere the dots go on for ever when the bot has nothing to say."""
    assistant.replies = lambda turn: TurnResult([])
    async with gateway.tab() as page:
        await page.write("Hello")
        assert (await page.next("typing"))["on"]
        assert not (await page.next("typing"))["on"]


async def test_the_customer_is_told_of_every_change_of_who_answers(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm
) -> None:
    """Elsewhere the bot just falls silent: nobody says that a person was asked, has come, or has left again."""
    assistant.replies = lambda turn: TurnResult([{"text": "Asking."}], handoff=HandoffWish("request"))
    agent, _ = crm.staff.create("ann@shop.test", "Ann", "agent")
    async with gateway.tab() as page:
        await page.write("a person")
        await page.next("message", author="system")
        talk = crm.conversations.recent()[0].id
        topic, hub = conversation_topic(talk), gateway.app.state.services.hub
        crm.conversations.take(talk, agent.id)
        hub.publish(topic, CHANGED)
        assert (await page.next("owner", owner="human"))["name"] == "Ann"
        crm.conversations.hand_back(talk, agent.id)
        hub.publish(topic, CHANGED)
        await page.next("owner", owner="bot")
    told = [event["body"]["event"] for event in page.messages() if event["author"] == "system"]
    assert told == ["handoff_requested", "agent_joined", "handed_back"]


async def test_a_tab_is_not_held_up_by_what_another_tab_has_sent_for_it(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere one refused message blocks a client for good, though it was long delivered by another way."""
    monkeypatch.setattr(chat, "_TICK_SECONDS", 0.05)
    token = await gateway.token()
    limits = gateway.app.state.services.limits
    allowed = limits.message
    async with gateway.tab(token) as one, gateway.tab(token) as other:
        await one.next("welcome")
        await other.next("welcome")

        async def refuse(*_: str) -> None:
            raise chat.Refused("too_many", 429)

        monkeypatch.setattr(limits, "message", refuse)
        await one.write("first", id="a")
        assert (await one.next("refused"))["code"] == "too_many"
        monkeypatch.setattr(limits, "message", allowed)
        await other.write("first", id="a")
        await one.next("message", author="customer", id="a")
        await one.write("second", id="b")
        await one.said_by_bot("You said: second")
