"""Programs over Rasa's REST shape."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from bot.gateway.app import create_app
from bot.gateway.channels import rest
from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.records.conversations import HandoffWish, PendingTurn, TurnResult
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway
from tests.conftest import FakeClock

_HOOK = "/webhooks/rest/webhook"


async def say(gateway: Gateway, text: str, **more: object) -> list[dict[str, object]]:
    answer = await gateway.http.post(_HOOK, json={"sender": "p1", "message": text, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def test_a_program_gets_its_answers_in_rasas_shape(gateway: Gateway) -> None:
    assert await say(gateway, "hi") == [{"recipient_id": "p1", "text": "You said: hi"}]


async def test_buttons_images_and_cards_come_in_pieces_as_rasa_sends_them(
    gateway: Gateway, assistant: FakeAssistant
) -> None:
    button = {"title": "Yes", "payload": "/affirm"}
    body = {"text": "Look", "buttons": [button], "image": "https://x/i.png", "cards": [{"sku": "A"}]}
    assistant.replies = lambda turn: TurnResult([body])
    assert await say(gateway, "hi") == [
        {"recipient_id": "p1", "text": "Look", "buttons": [button]},
        {"recipient_id": "p1", "image": "https://x/i.png"},
        {"recipient_id": "p1", "custom": {"cards": [{"sku": "A"}]}},
    ]


async def test_a_text_that_equals_an_offered_payload_presses_the_button(
    gateway: Gateway, assistant: FakeAssistant
) -> None:
    offer = {"text": "Sure?", "buttons": [{"title": "Yes", "payload": '/affirm{"a":"b"}'}]}
    assistant.replies = lambda turn: TurnResult([offer])
    await say(gateway, '/affirm{"a":"b"}')
    await say(gateway, '/affirm{"a":"b"}')
    first, second = (turn.message.body for turn in assistant.heard)
    assert first == {"text": '/affirm{"a":"b"}'}
    assert second == {"text": "Yes", "payload": '/affirm{"a":"b"}'}


async def test_streamed_answers_come_line_by_line(gateway: Gateway, assistant: FakeAssistant) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "one"}, {"text": "two"}])
    answer = await gateway.http.post(_HOOK, params={"stream": "true"}, json={"sender": "p1", "message": "hi"})
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["one", "two"]


async def test_a_repeated_message_gets_the_same_answer_and_no_second_turn(
    gateway: Gateway, assistant: FakeAssistant
) -> None:
    answers = [await say(gateway, "hi", metadata={"message_id": "m1"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert assistant.texts == ["hi"]


async def test_what_a_person_said_meanwhile_comes_with_the_next_message(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm
) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "Asking."}], handoff=HandoffWish("request"))
    assert [answer["text"] for answer in await say(gateway, "a person")] == ["Asking."]
    agent, _ = crm.staff.create("ada@example.com", "Ada", "agent")
    conversation = crm.conversations.recent()[0]
    crm.conversations.take(conversation.id, agent.id)
    crm.conversations.say(conversation.id, agent.id, "How can I help?")
    assert [answer["text"] for answer in await say(gateway, "hello?")] == ["How can I help?"]
    assert await say(gateway, "anybody?") == []


async def test_an_answer_that_takes_too_long_comes_with_the_next_message(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm, clock: FakeClock
) -> None:
    assistant.away = True
    channel = rest.RestChannel(gateway.app.state.services)
    channel._patience = 0.2
    exchange = await channel.receive(rest.RestMessage(sender="p1", message="first"), "")
    with pytest.raises(rest.Refused) as refusal:
        _ = [answer async for answer in channel.answers(exchange)]
    assert (refusal.value.code, refusal.value.status) == ("answer_pending", 504)
    assistant.away = False
    clock.advance(seconds=5)
    said = [answer["text"] for answer in await say(gateway, "second")]
    assert said == ["You said: first", "You said: second"]


@pytest.mark.parametrize(("wish", "spoken"), [("zh", "zh"), ("en", "en"), ("fr", "en"), (["zh"], "en")])
async def test_a_conversation_begins_in_the_language_that_the_program_asks_for(
    gateway: Gateway, assistant: FakeAssistant, wish: object, spoken: str
) -> None:
    await say(gateway, "12345", metadata={"language": wish})
    assert assistant.languages == [spoken]


async def test_two_messages_of_one_sender_at_once_share_no_reply(gateway: Gateway, assistant: FakeAssistant) -> None:
    await say(gateway, "hi")
    assistant.pauses = {"one": 0.2, "two": 0.2}
    answers = await asyncio.gather(say(gateway, "one"), say(gateway, "two"))
    said = [str(answer["text"]) for answer in [*answers[0], *answers[1]]]
    assert sorted(said) == ["You said: one", "You said: two"]


async def test_many_senders_at_once_are_each_answered(gateway: Gateway, assistant: FakeAssistant) -> None:
    async def talk(sender: str) -> list[str]:
        said = []
        for number in range(3):
            answer = await gateway.http.post(_HOOK, json={"sender": sender, "message": f"{sender} {number}"})
            said += [piece["text"] for piece in answer.json()]
        return said

    talks = await asyncio.gather(*(talk(f"s{number}") for number in range(12)))
    assert talks == [[f"You said: s{one} {number}" for number in range(3)] for one in range(12)]


async def test_a_message_without_a_sender_is_refused_by_field(gateway: Gateway) -> None:
    answer = await gateway.http.post(_HOOK, json={"message": "hi"})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "sender"


async def test_a_huge_message_is_refused_and_named(gateway: Gateway) -> None:
    answer = await gateway.http.post(_HOOK, json={"sender": "p1", "message": "x" * 100_000})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_long"


async def test_the_channel_says_that_it_is_there(gateway: Gateway) -> None:
    assert (await gateway.http.get("/webhooks/rest/")).json() == {"status": "ok"}


async def test_a_turn_that_a_person_takes_over_ends_the_waiting(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm
) -> None:
    agent, _ = crm.staff.create("ada@example.com", "Ada", "agent")

    def taken(turn: PendingTurn) -> TurnResult:
        crm.conversations.take(turn.conversation.id, agent.id)
        return TurnResult([{"text": "too late"}])

    assistant.replies = taken
    assert await say(gateway, "hi") == []


async def test_an_answer_that_got_lost_on_the_way_is_given_again_with_all_that_was_in_it(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm
) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "Asking."}], handoff=HandoffWish("request"))
    await say(gateway, "a person")
    agent, _ = crm.staff.create("ada@example.com", "Ada", "agent")
    conversation = crm.conversations.recent()[0]
    crm.conversations.take(conversation.id, agent.id)
    crm.conversations.say(conversation.id, agent.id, "How can I help?")
    lost, again = [await say(gateway, "hello?", metadata={"message_id": "m2"}) for _ in range(2)]
    assert [answer["text"] for answer in again] == ["How can I help?"]
    assert again == lost
    assert await say(gateway, "anybody?") == []


async def test_another_gateway_gives_a_lost_answer_again_with_all_that_was_in_it(
    gateway: Gateway, assistant: FakeAssistant, crm: Crm, settings: Settings, clock: FakeClock
) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "Asking."}], handoff=HandoffWish("request"))
    await say(gateway, "a person")
    agent, _ = crm.staff.create("ada@example.com", "Ada", "agent")
    conversation = crm.conversations.recent()[0]
    crm.conversations.take(conversation.id, agent.id)
    crm.conversations.say(conversation.id, agent.id, "How can I help?")
    lost = await say(gateway, "hello?", metadata={"message_id": "m2"})
    other = create_app(settings, crm=Crm(settings, clock), assistant=assistant, pages=False)
    async with (
        other.router.lifespan_context(other),
        httpx.AsyncClient(transport=httpx.ASGITransport(other), base_url="http://gateway") as client,
    ):
        again = await say(Gateway(other, client), "hello?", metadata={"message_id": "m2"})
    assert [answer["text"] for answer in again] == ["How can I help?"]
    assert again == lost


async def test_a_push_that_got_lost_only_delays_the_answer(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(gateway.app.state.services.turns, "_push", lambda *_: None)
    assert [answer["text"] for answer in await say(gateway, "hi")] == ["You said: hi"]


async def test_a_repeat_of_what_was_written_to_a_person_who_has_left_again_is_not_waited_for(
    gateway: Gateway, crm: Crm, assistant: FakeAssistant
) -> None:
    agent, _ = crm.staff.create("ada@example.com", "Ada", "agent")

    def taken_and_handed_back(turn: PendingTurn) -> TurnResult:
        crm.conversations.take(turn.conversation.id, agent.id)
        crm.conversations.hand_back(turn.conversation.id, agent.id)
        return TurnResult([{"text": "too late"}])

    assistant.replies = taken_and_handed_back
    assert await say(gateway, "hi", metadata={"message_id": "m1"}) == []
    channel = rest.RestChannel(gateway.app.state.services)
    channel._patience = 0.5
    repeated = rest.RestMessage(sender="p1", message="hi", metadata={"message_id": "m1"})
    assert [answer async for answer in channel.answers(await channel.receive(repeated, ""))] == []


async def test_a_line_whose_push_got_lost_between_others_is_given_too(
    gateway: Gateway, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "one"}, {"text": "two"}])
    publish = gateway.app.state.services.hub.publish

    def leaky(topic: str, event: dict[str, object]) -> None:
        if (event.get("body") or {}) != {"text": "one"}:
            publish(topic, event)

    monkeypatch.setattr(gateway.app.state.services.hub, "publish", leaky)
    assert [answer["text"] for answer in await say(gateway, "hi")] == ["one", "two"]


async def test_what_cannot_be_noted_as_given_is_not_given_and_a_repeat_gives_it(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_conversation_id: str, _seq: int) -> None:
        raise StorageUnavailable("the database is away")

    message = {"sender": "p1", "message": "hi", "metadata": {"message_id": "m1"}}
    with monkeypatch.context() as patch:
        patch.setattr(crm.conversations, "confirm_delivery", away)
        assert (await gateway.http.post(_HOOK, json=message)).status_code == 503
    assert [answer["text"] for answer in await say(gateway, "hi", metadata={"message_id": "m1"})] == ["You said: hi"]
    assert [answer["text"] for answer in await say(gateway, "more")] == ["You said: more"]


async def test_an_answer_to_a_program_that_has_hung_up_does_not_count_as_given(gateway: Gateway, crm: Crm) -> None:
    async def is_gone() -> bool:
        return True

    channel = rest.RestChannel(gateway.app.state.services)
    exchange = await channel.receive(rest.RestMessage(sender="p1", message="hi"), "")
    assert [answer["text"] async for answer in channel.answers(exchange, is_gone)] == ["You said: hi"]
    assert [answer["text"] for answer in await say(gateway, "more")] == ["You said: hi", "You said: more"]
