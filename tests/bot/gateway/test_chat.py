"""The chat over the WebSocket."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.records.conversations import HandoffWish, PendingTurn, TurnResult
from crm_core.records.people import Reason
from crm_core.records.shop import Offer
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway, Tab
from tests.crm_core.shelf import MUG, fill


async def test_a_message_is_accepted_and_answered(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        assert (await page.next("welcome"))["status"] == "new"
        sent = await page.write("Hello")
        await page.said_by_bot("You said: Hello")
    assert {"type": "accepted", "id": sent, "seq": 1} in page.events
    assert page.messages()[0]["id"] == sent


async def test_a_card_counts_as_seen_when_the_tab_confirms_its_message(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm
) -> None:
    fill(crm)

    def recommend(turn: PendingTurn) -> TurnResult:
        talk = turn.conversation
        mug = Offer(crm.catalogue.by_sku(MUG[0]), 1.0, 1.0, "popularity", Reason("popular", 1.0))
        (offer,) = crm.recommendations.serve(talk.customer_id, [mug], talk.id)
        return TurnResult([{"text": "This", "cards": [{"sku": MUG[0], "served_id": offer.served_id}]}])

    assistant.replies = recommend
    token = await gateway.token()
    for seen in (False, True):
        async with gateway.tab(token) as page:
            if not seen:
                await page.write("What do you recommend?")
            card = await page.next("message", author="bot")
            if seen:
                await page.send(type="seen", seq=card["seq"])
        (offer,) = crm.recommendations.of_conversation(crm.conversations.recent()[0].id)
        assert [outcome.event for outcome in offer.outcomes] == (["seen"] if seen else [])


async def test_messages_are_answered_in_the_order_in_which_they_were_written(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        for number in range(8):
            await page.write(f"message {number}")
        await page.said_by_bot("You said: message 7")
    said = [event["body"]["text"] for event in page.messages() if event["author"] == "bot"]
    assert said == [f"You said: message {number}" for number in range(8)]
    assert [event["seq"] for event in page.messages()] == list(range(1, 17))


async def test_a_message_sent_twice_is_one_message_and_one_turn(gateway: Gateway, assistant: FakeAssistant) -> None:
    async with gateway.tab() as page:
        for _ in range(2):
            await page.write("Hello", id="same")
            assert (await page.next("accepted"))["seq"] == 1
        await page.write("Bye")
        await page.said_by_bot("You said: Bye")
    assert assistant.texts == ["Hello", "Bye"]


async def test_a_message_sent_again_after_the_end_begins_nothing(gateway: Gateway, crm: Crm) -> None:
    async with gateway.tab() as page:
        await page.write("Hello", id="same")
        await page.said_by_bot("You said: Hello")
        crm.conversations.close(crm.conversations.recent()[0].id)
        await page.write("Hello", id="same")
        assert (await page.next("accepted"))["seq"] == 1
    assert len(crm.conversations.recent()) == 1


async def test_two_visitors_may_use_the_same_message_id(gateway: Gateway) -> None:
    for text in ("one", "other"):
        async with gateway.tab() as page:
            await page.write(text, id="same")
            await page.said_by_bot(f"You said: {text}")


async def test_a_page_that_comes_back_gets_what_it_missed_and_nothing_twice(gateway: Gateway) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page:
        await page.write("one")
        cursor = (await page.said_by_bot("You said: one"))["seq"]
    async with gateway.tab(token) as page:
        await page.write("two")
        await page.said_by_bot("You said: two")
    async with gateway.tab(token, cursor=cursor) as page:
        assert (await page.next("welcome"))["cursor"] == cursor
        await page.said_by_bot("You said: two")
    assert [event["seq"] for event in page.messages()] == [3, 4]


async def test_two_tabs_see_the_same_talk(gateway: Gateway) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as one, gateway.tab(token) as other:
        await one.next("welcome")
        await other.next("welcome")
        sent = await one.write("Hello")
        assert (await other.next("message", author="customer"))["id"] == sent
        await other.said_by_bot("You said: Hello")
        await other.write("From here")
        assert (await one.said_by_bot("You said: From here"))["seq"] == 4


async def test_a_forged_token_gets_no_conversation(gateway: Gateway) -> None:
    async with gateway.tab((await gateway.token())[:-2] + "xx") as page:
        assert (await page.next("error"))["code"] == "token_invalid"
        assert await page.close_code() == 4401


async def test_a_huge_message_is_refused_with_its_length_and_the_chat_goes_on(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.write("x" * 100_000)
        refused = await page.next("refused")
        assert refused["code"] == "too_long"
        assert "100,000" in refused["message"]
        await page.write("short")
        await page.said_by_bot("You said: short")


async def test_control_characters_are_dropped_and_emoji_kept(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.write("a\x00b\x1b[31m\r\n\tc 👩‍👩‍👧 你好")
        said = (await page.next("message", author="customer"))["body"]["text"]
    assert said == "ab[31m\n\tc 👩‍👩‍👧 你好"


async def test_half_a_character_harms_nothing(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.next("welcome")
        await page.send_text(json.dumps({"type": "message", "id": "1", "text": "a\ud800b"}))
        event = await page.next("error")
        assert event["code"] == "invalid"


async def test_an_empty_message_is_refused(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.write(" \x00 ")
        assert (await page.next("refused"))["code"] == "empty"


async def test_html_and_sql_are_only_words(gateway: Gateway) -> None:
    words = "<img src=x onerror=alert(1)>'; DROP TABLE messages; --"
    async with gateway.tab() as page:
        await page.write(words)
        await page.said_by_bot(f"You said: {words}")


async def test_a_typed_or_invented_payload_steers_nothing(gateway: Gateway, assistant: FakeAssistant) -> None:
    async with gateway.tab() as page:
        await page.write('/request_person{"a": 1}')
        await page.next("message", author="bot")
        await page.write("press", payload="/request_person")
        await page.said_by_bot("You said: press")
    assert ["payload" in turn.message.body for turn in assistant.heard] == [False, False]


async def test_an_offered_button_reaches_the_assistant_as_its_payload(
    gateway: Gateway, assistant: FakeAssistant
) -> None:
    sure = {"text": "Sure?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}
    assistant.replies = lambda turn: TurnResult([sure])
    async with gateway.tab() as page:
        await page.write("cancel it")
        await page.next("message", author="bot", body=sure)
        await page.write("Yes", payload="/affirm")
        await page.next("message", author="bot", seq=4)
    assert assistant.heard[-1].message.body == {"text": "Yes", "payload": "/affirm"}


async def test_each_message_is_answered_in_its_language(gateway: Gateway, assistant: FakeAssistant, crm: Crm) -> None:
    async with gateway.tab() as page:
        for place, text in enumerate(("我的订单到哪里了？", "10001", "thank you very much")):
            await page.write(text)
            await page.next("message", author="bot", seq=2 * place + 2)
    assert assistant.languages == ["zh", "zh", "en"]
    assert crm.conversations.recent()[0].language == "en"


async def test_what_nobody_understands_is_told_and_the_chat_goes_on(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.next("welcome")
        await page.send_text("{not json")
        assert (await page.next("error"))["code"] == "invalid"
        await page.send(type="dance")
        assert (await page.next("error"))["code"] == "invalid"
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")


async def test_a_visitor_who_writes_too_much_has_to_wait(gateway: Gateway, settings: Settings) -> None:
    async with gateway.tab() as page:
        for number in range(settings.messages_per_minute):
            await page.write(str(number))
        await page.write("one too many")
        assert (await page.next("refused"))["code"] == "too_many"


async def test_the_bot_is_silent_while_a_person_is_asked_for(gateway: Gateway, assistant: FakeAssistant) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "A colleague comes."}], handoff=HandoffWish("request"))
    async with gateway.tab() as page:
        await page.write("a person please")
        assert (await page.next("owner", owner="queue"))["position"] == 1
        await page.write("are you there?")
        await page.next("message", author="customer", body={"text": "are you there?"})
        await page.send(type="stay")
        await page.next("owner", owner="bot")
        assistant.replies = None
        await page.write("never mind")
        await page.said_by_bot("You said: never mind")
    assert assistant.texts == ["a person please", "never mind"]


async def test_after_the_end_a_message_begins_a_new_conversation_on_every_tab(gateway: Gateway, crm: Crm) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page, gateway.tab(token) as other:
        await page.write("Hello")
        await other.said_by_bot("You said: Hello")
        first = crm.conversations.recent()[0].id
        crm.conversations.close(first)
        await page.write("Hello again")
        second = (await other.next("welcome"))["conversation_id"]
        await other.said_by_bot("You said: Hello again")
        await page.said_by_bot("You said: Hello again")
    assert second != first
    async with gateway.tab(token, cursor=2, conversation_id=first) as page:
        assert (await page.next("welcome"))["cursor"] == 0


@pytest.mark.parametrize("first", [{"type": "message", "id": "1", "text": "hi"}, {"type": "dance"}])
async def test_nobody_talks_before_saying_hello(gateway: Gateway, first: dict[str, str]) -> None:
    async with Tab.connected(gateway.app) as page:
        await page.send(**first)
        assert (await page.next("error"))["code"] == "hello_expected"


async def test_no_message_overtakes_one_that_was_refused_for_now(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway.tab() as page:
        await page.next("welcome")
        with monkeypatch.context() as away:

            def no_database(*_: object, **__: object) -> None:
                raise StorageUnavailable("away")

            away.setattr(crm.conversations, "accept", no_database)
            first = await page.write("one")
            assert (await page.next("refused"))["code"] == "unavailable"
        second = await page.write("two")
        assert await page.next("refused", id=second)
        await page.write("one", id=first)
        await page.next("accepted", id=first)
        await page.write("two", id=second)
        await page.next("accepted", id=second)
        await page.said_by_bot("You said: two")
    said = [message["body"]["text"] for message in page.messages() if message["author"] == "customer"]
    assert said == ["one", "two"]


async def test_a_message_of_a_closed_conversation_that_comes_again_shows_nothing_twice(
    gateway: Gateway, crm: Crm
) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page:
        old = await page.write("Hello")
        await page.said_by_bot("You said: Hello")
        crm.conversations.close(crm.conversations.recent(1)[0].id)
        await page.write("Hello again")
        await page.said_by_bot("You said: Hello again")
        before = len([event for event in page.events if event["type"] == "welcome"])
        await page.write("Hello", id=old)
        assert (await page.next("accepted", id=old))["seq"] == 1
        await page.write("more")
        await page.said_by_bot("You said: more")
    assert len([event for event in page.events if event["type"] == "welcome"]) == before


async def test_a_message_that_comes_again_before_it_is_on_disk_is_written_once(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, written, disk = crm.conversations.accept, [], threading.Event()

    def slowly(*arguments: Any, **more: Any) -> object:
        written.append(more["external_id"])
        disk.wait(5)
        return accept(*arguments, **more)

    monkeypatch.setattr(crm.conversations, "accept", slowly)
    token = await gateway.token()
    async with gateway.tab(token) as dead, gateway.tab(token) as page:
        await dead.next("welcome")
        await page.next("welcome")
        sent = await dead.write("Hello")
        await page.write("Hello", id=sent)
        await asyncio.sleep(0.1)
        disk.set()
        assert (await page.next("accepted", id=sent))["seq"] == 1
        await page.said_by_bot("You said: Hello")
    assert len(written) == 1
    assert [message["seq"] for message in page.messages()] == [1, 2]
