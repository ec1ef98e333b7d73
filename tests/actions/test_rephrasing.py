"""A passage in other words, from a real small server that keeps to it, and from ones that misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr
from rasa_sdk import Tracker

from actions.store_info import ActionStoreInfoAnswer
from crm_core.crm import Crm
from crm_core.records.shop import Passage

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]
PASSAGE = "You can send back anything **unused** within 30 days. Return shipping costs $4.90."
PLAIN = "You can send back anything unused within 30 days. Return shipping costs $4.90."
GOOD = "You can send the lamp back within 30 days if it is unused."


class Server:
    """A language model's server that says what a test wants it to."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.pause = 0.0
        self.raw: bytes | None = None
        self.says = GOOD
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.keys.append(self.headers["Authorization"])
                said = {"choices": [{"message": {"role": "assistant", "content": outer.says}}]}
                body = outer.raw if outer.raw is not None else json.dumps(said).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                pieces = [bytes([byte]) for byte in body] if outer.pause else [body]  # slow, but each piece in time
                for piece in pieces:
                    time.sleep(outer.pause)
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Knowing:
    """Knows one passage."""

    def answer(self, *_: Any, **__: Any) -> Passage:
        return Passage("returns", "Returns", PASSAGE, "en", "returns", 0.9)


@pytest.fixture
def ask(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> Callable[..., tuple[str, Any]]:
    """Ask a question with a model set up; gives what was said and what the trace tells."""

    def asked(url: str, text: str = "how long may I keep the lamp?", **settings: Any) -> tuple[str, Any]:
        crm.settings = crm.settings.model_copy(
            update={"llm_url": url, "llm_model": "small", "llm_key": SecretStr("secret"), "llm_seconds": 0.5} | settings
        )
        crm.knowledge = Knowing()  # type: ignore[assignment]
        perform(ActionStoreInfoAnswer(crm), tracker(text, intent="ask_store_info"))
        said = dispatcher.values("utter_store_info_answer")
        assert said["title"] == "Returns"
        return said["text"], dispatcher.custom("trace")["knowledge"].get("rephrasing")

    return asked


def test_the_passage_is_said_in_the_models_words_and_the_title_stays(server: Server, ask: Any) -> None:
    assert ask(server.url) == (GOOD, "given")
    assert server.heard[0]["model"] == "small"
    assert server.keys == ["Bearer secret"]


def test_only_the_masked_question_and_the_passage_leave_the_house(server: Server, ask: Any) -> None:
    ask(server.url, "my order RP100234, anna.berg@example.com, +1 202 555 0143: how long may I keep the lamp?")
    sent = json.dumps(server.heard)
    assert "how long may I keep the lamp?" in sent
    assert PLAIN in sent
    for value in ("RP100234", "anna.berg", "555", "018f0000"):
        assert value not in sent


def test_without_a_model_nothing_leaves_and_the_passage_is_quoted(server: Server, ask: Any) -> None:
    assert ask("") == (PLAIN, None)
    assert server.heard == []


def test_a_button_is_answered_without_the_model(server: Server, ask: Any) -> None:
    assert ask(server.url, "/ask_store_info") == (PLAIN, None)
    assert server.heard == []


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("Return shipping costs $3.90.", "refused: number"),
        ("You can always send the lamp back within 30 days.", "refused: promise"),
        ("Send the lamp back with DHL within 30 days.", "refused: name"),
        ("三十天内可以退。", "refused: language"),
        ("", "refused: empty"),
    ],
)
def test_an_answer_that_adds_something_is_refused(server: Server, ask: Any, says: str, reason: str) -> None:
    server.says = says
    assert ask(server.url) == (PLAIN, reason)


@pytest.mark.parametrize(
    ("misbehaviour", "reason"),
    [
        ({"status": 500}, "status 500"),
        ({"status": 302}, "status 302"),
        ({"raw": b"{broken"}, "not readable"),
        ({"raw": b"[]"}, "not readable"),
        ({"raw": b'{"choices": [{"message": {"content": 7}}]}'}, "not readable"),
        ({"raw": b"x" * 100_000}, "too much"),
        ({"pause": 0.02}, "timeout"),
        ({"pause": 2.0}, "timeout"),
    ],
)
def test_a_server_that_misbehaves_costs_nothing_but_its_words(
    server: Server, ask: Any, misbehaviour: dict[str, Any], reason: str
) -> None:
    vars(server).update(misbehaviour)
    started = time.monotonic()
    assert ask(server.url, llm_seconds=5 if reason == "too much" else 0.5) == (PLAIN, reason)
    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there_is_none(ask: Any) -> None:
    assert ask("http://127.0.0.1:9/v1") == (PLAIN, "unreachable")
    assert ask("not a url") == (PLAIN, "unreachable")
