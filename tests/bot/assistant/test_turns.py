"""A turn is answered whole or not at all, once, and with the reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.lock_store import LOCK_LIFETIME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from sanic import Sanic

from bot.assistant import channel
from bot.assistant.channel import GatewayChannel
from bot.assistant.tracker_store import AppendOnlyTrackerStore
from bot.assistant.turns import Turns

TOKEN = "secret"
ACTION_SECONDS = 0.5


class FakeActions:
    """An action server that does what a test tells it."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.status = 200
        self.delay = 0.0
        self.answer: dict[str, Any] = {
            "events": [{"event": "slot", "name": "order_number", "value": "RP1"}],
            "responses": [
                {"text": "It is on its way."},
                {"custom": {"trace": {"segment": "loyal"}}},
                {"custom": {"cards": [{"sku": "A"}]}},
            ],
        }

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.calls.append(body)
        if not self._knows_domain(body):
            return web.json_response({}, status=449)
        await asyncio.sleep(self.delay)
        return web.json_response(self.answer, status=self.status)

    def _knows_domain(self, body: dict[str, Any]) -> bool:
        return "domain" in body or any("domain" in call for call in self.calls)


@dataclass
class Running:
    """The assistant with its channel on a real port, and the action server it calls."""

    address: str
    app: Sanic
    channel: GatewayChannel
    actions: FakeActions
    session: aiohttp.ClientSession | None = None

    async def say(self, text: str, message_id: str, *, expect: int = 200, token: str = TOKEN, **more: Any) -> Any:
        body = {"conversation_id": "c1", "message_id": message_id, "text": text, "language": "en", **more}
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{self.address}/turn", json=body, headers=headers) as response:
            assert response.status == expect, await response.text()
            return await response.json()


@pytest.fixture(scope="session")
def loop() -> asyncio.AbstractEventLoop:
    """One loop for all tests: Sanic 21 leaves things behind that keep a loop from closing."""
    return asyncio.SelectorEventLoop()


@pytest.fixture(scope="session")
def assistant(loop: asyncio.AbstractEventLoop) -> Running:
    """One server for all tests: Sanic 21 can start only once in a process."""
    return loop.run_until_complete(_serve())


async def _serve() -> Running:
    actions = FakeActions()
    server = web.AppRunner(_web_app(actions))
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    channel = GatewayChannel(TOKEN, f"http://127.0.0.1:{server.addresses[0][1]}/webhook", ACTION_SECONDS)
    app = Sanic("test", configure_logging=False)
    register([channel], app, route="/webhooks/")
    asgi = await app.create_server("127.0.0.1", 0, return_asyncio_server=True)
    await asgi.startup()
    port = asgi.server.sockets[0].getsockname()[1]
    return Running(f"http://127.0.0.1:{port}/webhooks/gateway", app, channel, actions)


def _web_app(actions: FakeActions) -> web.Application:
    made = web.Application()
    made.router.add_post("/webhook", actions.handle)
    return made


Use = Callable[[Running], Awaitable[None]]


@pytest.fixture
def play(model: str, tmp_path: Path, loop: asyncio.AbstractEventLoop, assistant: Running) -> Callable[..., None]:
    """Run a coroutine function against an assistant that has heard nothing yet."""
    assistant.actions.__init__()  # type: ignore[misc]

    async def all_of_it(use: Use, long: int) -> None:
        store = AppendOnlyTrackerStore(Domain.empty(), url=f"sqlite:///{tmp_path / 'tracker.db'}")
        agent = assistant.app.ctx.agent = Agent.load(model, tracker_store=store)
        assistant.channel._turns = Turns(long)
        async with aiohttp.ClientSession() as session:
            assistant.session = session
            await asyncio.wait_for(use(assistant), 30)
        if agent.action_endpoint:
            await agent.action_endpoint.close()
        store.close()

    return lambda use, long=300: loop.run_until_complete(all_of_it(use, long))


Play = Callable[..., None]


def texts(answer: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in answer["replies"] if "text" in reply]


def test_a_turn_has_replies_and_reasons(play: Play) -> None:
    async def use(assistant: Running) -> None:
        answer = await assistant.say("早上好", "m1", language="zh")
        assert answer["replies"] == [{"text": "您好", "buttons": [{"title": "查订单", "payload": "/ask_order"}]}]
        trace = answer["trace"]
        assert (answer["message_id"], answer["recorded"]) == ("m1", False)
        assert trace["intent"]["name"] == "greet"
        assert trace["actions"] == trace["responses"] == ["utter_greet"]
        assert {item["policy"] for item in trace["policies"]} == {"ResumingRulePolicy"}
        assert trace["slots"] == {"language": "zh"}
        assert trace["fallback"] is False
        assert 0 < trace["timing_ms"]["nlu"] < trace["timing_ms"]["total"]

    play(use)


def test_a_message_that_was_handled_is_answered_from_the_record(play: Play) -> None:
    async def use(assistant: Running) -> None:
        first = await assistant.say("track my order", "m1")
        await assistant.say("hello", "m2")
        again = await assistant.say("track my order", "m1")
        assert again["recorded"] is True
        assert again["replies"] == first["replies"]
        assert len([call for call in assistant.actions.calls if "domain" in call]) == 1

    play(use)


def test_an_action_contributes_to_replies_slots_and_trace(play: Play) -> None:
    async def use(assistant: Running) -> None:
        answer = await assistant.say("track my order", "m1")
        assert answer["replies"] == [{"text": "It is on its way."}, {"custom": {"cards": [{"sku": "A"}]}}]
        assert answer["trace"]["crm"] == {"segment": "loyal"}
        assert answer["trace"]["slots"]["order_number"] == "RP1"

    play(use)


@pytest.mark.parametrize(("status", "delay"), [(500, 0.0), (404, 0.0), (200, 2.0)])
def test_a_turn_whose_action_failed_is_not_kept_and_runs_again(play: Play, status: int, delay: float) -> None:
    async def use(assistant: Running) -> None:
        assistant.actions.status, assistant.actions.delay = status, delay
        failed = await assistant.say("track my order", "m1", expect=503)
        assert "action_order" in failed["error"]
        assistant.actions.status, assistant.actions.delay = 200, 0.0
        answer = await assistant.say("track my order", "m1")
        assert answer["recorded"] is False
        assert texts(answer) == ["It is on its way."]
        tracker = await assistant.app.ctx.agent.processor.get_tracker("c1")
        assert len([event for event in tracker.events if event.type_name == "user"]) == 1

    play(use)


def test_an_action_that_declines_is_no_failure(play: Play) -> None:
    async def use(assistant: Running) -> None:
        assistant.actions.status = 400
        assistant.actions.answer = {"action_name": "action_order", "error": "not now"}
        answer = await assistant.say("track my order", "m1")
        assert texts(answer) == ["Sorry, something went wrong."]

    play(use)


def test_a_turn_is_never_silent(play: Play) -> None:
    async def use(assistant: Running) -> None:
        assistant.actions.answer = {"events": [], "responses": []}
        answer = await assistant.say("track my order", "m1")
        assert texts(answer) == ["Sorry, something went wrong."]

    play(use)


def test_the_domain_is_sent_once(play: Play) -> None:
    async def use(assistant: Running) -> None:
        for number in range(3):
            await assistant.say("track my order", f"m{number}")
        assert ["domain" in call for call in assistant.actions.calls] == [False, True, False, False]
        assert len({call["domain_digest"] for call in assistant.actions.calls}) == 1

    play(use)


@pytest.mark.parametrize("text", ["/greet", '/inform{"order_number": "RP100234"}', "/restart", " /session_start"])
def test_a_typed_command_does_not_steer(play: Play, text: str) -> None:
    async def use(assistant: Running) -> None:
        answer = await assistant.say(text, "m1")
        assert answer["trace"]["intent"]["confidence"] < 0.9
        assert answer["trace"]["policies"][0]["action"] not in ("action_restart", "action_session_start")

    play(use)


def test_a_payload_that_the_gateway_vouches_for_steers(play: Play) -> None:
    async def use(assistant: Running) -> None:
        answer = await assistant.say("Where is it?", "m1", payload='/inform{"order_number": "RP100777"}')
        assert answer["trace"]["intent"] == {"name": "inform", "confidence": 1.0}
        assert answer["trace"]["slots"]["order_number"] == "RP100777"

    play(use)


def test_a_form_goes_on_after_a_question_in_between(play: Play) -> None:
    async def use(assistant: Running) -> None:
        assert texts(await assistant.say("look up an order", "m1")) == ["Which order?"]
        asked = await assistant.say("opening hours?", "m2")
        assert texts(asked) == ["We are open from nine to six.", "Which order?"]
        assert asked["trace"]["active_loop"] == "number_form"
        assert texts(await assistant.say("RP100234", "m3")) == ["Found RP100234."]

    play(use)


def several(monkeypatch: pytest.MonkeyPatch, text: str, *found: tuple[str, str]) -> str:
    """Let one message ask for several things: each part of it with its intent."""
    requests = [
        {
            "text": part,
            "intent": intent,
            "confidence": 0.9,
            "start": text.index(part),
            "end": text.index(part) + len(part),
        }
        for part, intent in found
    ]
    place = "bot.assistant.components.intent_classifier.split_requests"
    monkeypatch.setattr(place, lambda heard, understand: requests if heard == text else [])
    return text


THREE = (("cancel it", "cancel_order"), ("send a bill", "request_invoice"), ("how can I pay", "ask_payment_methods"))


def test_of_several_requests_questions_come_first_and_the_second_task_when_the_first_has_ended(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(assistant: Running) -> None:
        text = several(monkeypatch, "cancel it, send a bill and how can I pay", *THREE)
        answer = await assistant.say(text, "m1")
        assert texts(answer) == ["By card.", "Which order?"]
        told = [(item["intent"], item["when"]) for item in answer["trace"]["requests"]]
        assert told == [("ask_payment_methods", "now"), ("cancel_order", "now"), ("request_invoice", "later")]
        assert answer["trace"]["slots"]["pending_requests"] == ["request_invoice"]
        ended = await assistant.say("RP100234", "m2")
        assert texts(ended) == ["Found RP100234.", "You also wanted an invoice.", "It is on its way."]
        assert ended["trace"]["slots"]["pending_requests"] is None

    play(use)


def test_several_requests_of_one_message_are_one_turn(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        text = several(monkeypatch, "cancel it, send a bill and how can I pay", *THREE)
        first = await assistant.say(text, "m1")
        await assistant.say("hello", "m2")
        again = await assistant.say(text, "m1")
        assert (first["recorded"], again["recorded"]) == (False, True)
        assert again["replies"] == first["replies"]
        assert again["trace"]["actions"] == first["trace"]["actions"]
        tracker = await assistant.app.ctx.agent.processor.get_tracker("c1")
        ids = [event.message_id for event in tracker.events if event.type_name == "user"]
        assert ids == ["m1", "m1", "m2"]

    play(use)


def test_of_several_requests_all_are_kept_or_none(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        found = (("how can I pay", "ask_payment_methods"), ("send a bill", "request_invoice"))
        text = several(monkeypatch, "how can I pay and send a bill", *found)
        assistant.actions.status = 500
        await assistant.say(text, "m1", expect=503)
        assistant.actions.status = 200
        answer = await assistant.say(text, "m1")
        assert answer["recorded"] is False
        assert texts(answer) == ["By card.", "It is on its way."]

    play(use)


def test_never_mind_gives_up_what_was_to_come(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say(several(monkeypatch, "cancel it, send a bill", *THREE[:2]), "m1")
        await assistant.say("RP100234", "m2", payload="/stop")
        tracker = await assistant.app.ctx.agent.processor.get_tracker("c1")
        assert tracker.get_slot("pending_requests") is None or tracker.active_loop_name

    play(use)


def test_what_has_waited_too_long_is_not_begun(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say(several(monkeypatch, "cancel it, send a bill", *THREE[:2]), "m1")
        monkeypatch.setattr("bot.assistant.agenda.REMEMBERED_SECONDS", 0.0)
        assert texts(await assistant.say("RP100234", "m2")) == ["Found RP100234."]

    play(use)


def test_an_answer_and_a_question_in_one_message_are_both_taken(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("look up an order", "m1")
        found = (("RP100234", "inform"), ("how can I pay", "ask_payment_methods"))
        answer = await assistant.say(several(monkeypatch, "RP100234, how can I pay", *found), "m2")
        assert texts(answer) == ["By card.", "Found RP100234."]

    play(use)


def test_outside_a_form_an_order_number_is_no_request_of_its_own(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        found = (("RP100234", "inform"), ("how can I pay", "ask_payment_methods"))
        answer = await assistant.say(several(monkeypatch, "RP100234, how can I pay", *found), "m1")
        assert answer["trace"]["requests"] == []

    play(use)


def test_anger_is_met_with_sympathy_and_the_way_to_a_person_once(play: Play) -> None:
    async def use(assistant: Running) -> None:
        first = await assistant.say("how can I pay, this is ridiculous", "m1")
        assert texts(first) == ["I am sorry.", "By card."]
        assert [button["payload"] for button in first["replies"][-1]["buttons"]] == [
            "/ask_payment_methods",
            "/request_person",
        ]
        assert first["trace"]["anger"] == ["ridiculous"]
        assert first["trace"]["crm"] == {"mood": "angry"}
        second = await assistant.say("how can I pay, this is ridiculous", "m2")
        assert texts(second) == ["I understand.", "By card."]
        assert len(second["replies"][-1]["buttons"]) == 1

    play(use)


def test_after_a_pause_a_form_says_where_the_talk_was(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("look up an order", "m1")
        assert texts(await assistant.say("opening hours?", "m2")) == ["We are open from nine to six.", "Which order?"]
        monkeypatch.setattr("bot.assistant.notice.PAUSE_SECONDS", 0.0)
        answer = await assistant.say("RP100234", "m3")
        assert texts(answer) == ["Welcome back.", "We were looking for an order.", "Found RP100234."]
        assert texts(await assistant.say("hello", "m4")) == ["Hello"]

    play(use)


def test_a_long_conversation_goes_on_in_a_new_session_with_its_slots(play: Play) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("look up an order", "find", language="zh")
        await assistant.say("RP100234", "m0", language="zh")
        for number in range(1, 12):
            await assistant.say("你好", f"m{number}", language="zh")
        tracker = await assistant.app.ctx.agent.processor.get_tracker("c1")
        assert len(tracker.events) < 50
        assert tracker.get_slot("order_number") == "RP100234"
        full = await assistant.app.ctx.agent.processor.tracker_store.retrieve_full_tracker("c1")
        assert len([event for event in full.events if isinstance(event, SessionStarted)]) > 1
        assert texts(await assistant.say("你好", "m12", language="zh")) == ["您好"]

    play(use, long=30)


def test_turns_of_one_conversation_run_one_after_the_other(play: Play) -> None:
    async def use(assistant: Running) -> None:
        assistant.actions.delay = 0.1
        answers = await asyncio.gather(*(assistant.say("track my order", f"m{number}") for number in range(4)))
        assert all(texts(answer) == ["It is on its way."] for answer in answers)
        tracker = await assistant.app.ctx.agent.processor.get_tracker("c1")
        assert len([event for event in tracker.events if event.type_name == "user"]) == 4

    play(use)


def test_a_turn_goes_on_when_the_caller_hangs_up(play: Play) -> None:
    async def use(assistant: Running) -> None:
        assistant.actions.delay = 0.3
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(assistant.say("track my order", "m1"), 0.1)
        await asyncio.sleep(0.5)
        assert (await assistant.say("track my order", "m1"))["recorded"] is True

    play(use)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 20_000}, "text"),
        ({"text": 5}, "text"),
        ({"language": "fr"}, "language"),
        ({"conversation_id": ""}, "conversation_id"),
        ({"conversation_id": None}, "conversation_id"),
        ({"payload": "greet"}, "payload"),
    ],
)
def test_a_bad_body_is_refused_by_name(play: Play, more: dict[str, Any], words: str) -> None:
    async def use(assistant: Running) -> None:
        body = {"text": "hello", **more}
        answer = await assistant.say(body.pop("text"), "m1", expect=400, **body)
        assert words in answer["error"]

    play(use)


def test_a_body_that_is_no_json_is_refused(play: Play) -> None:
    async def use(assistant: Running) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with assistant.session.post(f"{assistant.address}/turn", data=b"{", headers=headers) as response:
            assert response.status == 400

    play(use)


@pytest.mark.parametrize("token", ["", "wrong", "sécret"])
def test_only_the_gateway_may_call(play: Play, token: str) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("hello", "m1", expect=401, token=token)

    play(use)


def test_without_a_token_of_its_own_everybody_is_refused() -> None:
    assert GatewayChannel.from_credentials(None, {})._token == ""


def test_health_names_the_model_and_says_when_there_is_none(play: Play) -> None:
    async def use(assistant: Running) -> None:
        async with assistant.session.get(f"{assistant.address}/") as response:
            assert (await response.json())["status"] == "ok"
        assistant.app.ctx.agent = Agent()
        async with assistant.session.get(f"{assistant.address}/") as response:
            assert response.status == 503
        await assistant.say("hello", "m1", expect=503)

    play(use)


def test_a_tracker_store_that_fails_is_said(play: Play) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("hello", "m1")
        engine = assistant.app.ctx.agent.processor.tracker_store._engine
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE tracker_events")
        answer = await assistant.say("hello", "m2", expect=503)
        assert answer["error"] == "the tracker store failed"

    play(use)


def test_a_conversation_can_be_forgotten(play: Play) -> None:
    async def use(assistant: Running) -> None:
        await assistant.say("hello", "m1")
        address = f"{assistant.address}/conversations/c1"
        async with assistant.session.delete(address) as response:
            assert response.status == 401
        async with assistant.session.delete(address, headers={"Authorization": f"Bearer {TOKEN}"}) as response:
            assert (await response.json())["events"] > 0
        assert (await assistant.say("hello", "m1"))["recorded"] is False

    play(use)


def test_an_action_may_take_far_less_time_than_rasas_lock_on_its_conversation_lasts() -> None:
    assert channel.ACTION_SECONDS * 3 < LOCK_LIFETIME
