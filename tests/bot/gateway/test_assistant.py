"""The line to the assistant: what it asks, what it makes of the answer, and of no answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.gateway import assistant, assistant_line
from bot.gateway.assistant import Assistant, forget
from bot.gateway.assistant_line import AssistantLine
from crm_core.crm import Crm
from crm_core.errors import AssistantUnavailable
from crm_core.records.conversations import HandoffWish, PendingTurn, TurnResult
from crm_core.settings import Settings


@pytest.fixture
def turn(crm: Crm) -> PendingTurn:
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "Yes", "payload": "/affirm"})
    turn = crm.conversations.next_turn(conversation.id, "me", lease_seconds=9)
    assert turn is not None
    return turn


async def ask(settings: Settings, turn: PendingTurn, reply: Callable[[httpx.Request], httpx.Response]) -> TurnResult:
    line = Assistant(settings, httpx.MockTransport(reply))
    try:
        return await line.answer(turn, "en")
    finally:
        await line.close()


async def test_the_question_has_ids_text_payload_language_and_the_shared_token(
    settings: Settings, turn: PendingTurn
) -> None:
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"message_id": turn.message.id, "replies": []})

    await ask(settings, turn, reply)
    assert json.loads(asked[0].content) == {
        "conversation_id": turn.conversation.id,
        "message_id": turn.message.id,
        "text": "Yes",
        "payload": "/affirm",
        "language": "en",
    }
    assert asked[0].headers["authorization"] == f"Bearer {settings.assistant_token.get_secret_value()}"


async def test_replies_become_bodies_and_customs_become_wishes(settings: Settings, turn: PendingTurn) -> None:
    replies = [
        {"text": "Look", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
        {"custom": {"cards": [{"sku": "A"}]}},
        {"image": "https://x/i.png"},
        {"custom": {"handoff": {"reason": "complaint", "requested_by": "bot"}}},
        {"custom": {"close": True}},
        {"custom": {"trace": {"segment": "loyal"}}},
    ]
    answer = {"message_id": turn.message.id, "replies": replies, "trace": {"crm": {"orders": 1}}}
    result = await ask(settings, turn, lambda _: httpx.Response(200, json=answer))
    assert result.replies == [
        {"text": "Look", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
        {"cards": [{"sku": "A"}]},
        {"image": "https://x/i.png"},
    ]
    assert result.handoff == HandoffWish("complaint", "bot")
    assert result.close
    assert result.trace["crm"] == {"orders": 1, "segment": "loyal"}


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(503, json={"error": "no model"}),
        httpx.Response(401),
        httpx.Response(200, content=b"not json"),
        httpx.Response(200, json={"replies": "none"}),
        httpx.Response(200, json={"message_id": "another", "replies": []}),
    ],
    ids=["no model", "wrong token", "no json", "wrong shape", "another message"],
)
async def test_an_answer_that_cannot_be_used_is_no_answer(
    settings: Settings, turn: PendingTurn, response: httpx.Response
) -> None:
    with pytest.raises(AssistantUnavailable):
        await ask(settings, turn, lambda _: response)


async def test_an_assistant_that_cannot_be_reached_is_no_answer(settings: Settings, turn: PendingTurn) -> None:
    def reply(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(AssistantUnavailable):
        await ask(settings, turn, reply)


async def test_a_kept_line_that_was_just_closed_is_opened_again(settings: Settings, turn: PendingTurn) -> None:
    tries: list[int] = []

    def reply(_: httpx.Request) -> httpx.Response:
        tries.append(1)
        if len(tries) == 1:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(200, json={"message_id": turn.message.id, "replies": [{"text": "hi"}]})

    assert (await ask(settings, turn, reply)).replies == [{"text": "hi"}]


def test_conversations_are_forgotten_with_the_shared_token_and_a_refusal_does_not_stop_the_others(
    settings: Settings,
) -> None:
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503 if request.url.path.endswith("/b") else 200, json={"events": 1})

    assert forget(settings, ["a", "b", "c"], httpx.MockTransport(reply)) == {"b": "status 503"}
    assert [request.url.path for request in asked] == [f"/webhooks/gateway/conversations/{name}" for name in "abc"]
    assert {request.method for request in asked} == {"DELETE"}
    assert asked[0].headers["authorization"] == f"Bearer {settings.assistant_token.get_secret_value()}"


def test_an_assistant_that_is_away_is_asked_once_and_remembers_all_the_rest(settings: Settings) -> None:
    asked: list[str] = []

    def away(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        raise httpx.ConnectError("away", request=request)

    remembered = forget(settings, ["a", "b"], httpx.MockTransport(away))
    assert remembered == {"a": "ConnectError", "b": "ConnectError"}
    assert len(asked) == 1


class Two:
    """Two assistants on one transport; each may be away or hang."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.hanging: set[str] = set()
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        if name in self.away:
            raise httpx.ConnectError("away", request=request)
        if name in self.hanging:
            await asyncio.sleep(60)
        if request.method == "GET":
            return httpx.Response(200)
        self.asked.append(name)
        return httpx.Response(200, json={"message_id": json.loads(request.content)["message_id"], "replies": []})


@pytest.fixture
async def pair(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Two, Assistant]]:
    monkeypatch.setattr(assistant, "_DOUBT_SECONDS", 0.02)
    monkeypatch.setattr(assistant_line, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(AssistantLine, "problem", _problem_at_once)
    two = Two()
    both = settings.model_copy(update={"assistant_url": "http://one, http://two", "turn_seconds": 1.0})
    made = Assistant(both, httpx.MockTransport(two))
    yield two, made
    await made.close()


_problem = AssistantLine.problem


async def _problem_at_once(self: AssistantLine) -> str | None:
    """As the real one; a test does not wait two seconds for one that hangs."""
    try:
        async with asyncio.timeout(0.05):
            return await _problem(self)
    except TimeoutError:
        return "it hangs"


async def test_a_conversation_stays_with_one_of_two_assistants(pair: tuple[Two, Assistant], turn: PendingTurn) -> None:
    two, both = pair
    for _ in range(3):
        await both.answer(turn, "en")
    assert len(set(two.asked)) == 1


@pytest.mark.parametrize("how", ["away", "hanging"])
async def test_while_one_assistant_is_gone_the_other_answers_until_it_is_back(
    pair: tuple[Two, Assistant], turn: PendingTurn, how: str
) -> None:
    two, both = pair
    await both.answer(turn, "en")
    own = two.asked.pop()
    getattr(two, how).add(own)
    await both.answer(turn, "en")
    await both.answer(turn, "en")
    assert two.asked == [{"one": "two", "two": "one"}[own]] * 2
    assert await both.problem() is None
    getattr(two, how).clear()
    await asyncio.sleep(0.15)
    await both.answer(turn, "en")
    assert two.asked[-1] == own


async def test_nobody_waits_longer_for_two_assistants_that_hang_than_one_turn_may_take(
    pair: tuple[Two, Assistant], turn: PendingTurn
) -> None:
    two, both = pair
    two.hanging |= {"one", "two"}
    started = asyncio.get_running_loop().time()
    with pytest.raises(AssistantUnavailable):
        await both.answer(turn, "en")
    assert asyncio.get_running_loop().time() - started < 1.2
    assert await both.problem() is not None


def test_every_assistant_forgets(settings: Settings) -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json={"events": 1})

    both = settings.model_copy(update={"assistant_url": "http://one,http://two"})
    assert forget(both, ["a"], httpx.MockTransport(note)) == {}
    assert asked == ["one", "two"]


async def test_an_assistant_is_asked_for_so_many_answers_at_once_and_waiting_for_a_place_costs_no_time(
    settings: Settings, turn: PendingTurn
) -> None:
    narrow = settings.model_copy(update={"assistant_turns": 2, "turn_seconds": 0.5})
    at_once: list[int] = [0, 0]  # now, and the most

    async def slow(_request: httpx.Request) -> httpx.Response:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0.1)
        at_once[0] -= 1
        return httpx.Response(200, json={"message_id": turn.message.id, "replies": [{"text": "Here."}]})

    line = Assistant(narrow, httpx.MockTransport(slow))
    answers = await asyncio.gather(*(line.answer(turn, "en") for _ in range(16)))  # 0.8 s in all
    await line.close()
    assert [answer.replies for answer in answers] == [[{"text": "Here."}]] * 16
    assert at_once[1] == 2
