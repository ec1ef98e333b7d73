"""Turns as they are recorded to be compared: what is asked of actions, what they answer, and what a turn leaves behind.

Uses the standard library only: it runs in both environments.
"""

from __future__ import annotations

import difflib
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHANGING = {"timestamp", "at", "latest_event_time", "domain", "domain_digest", "version"}


@dataclass(frozen=True)
class Said:
    """One message of a customer: typed, or the title of a button of the last answer."""

    text: str
    pressed: bool = False


@dataclass(frozen=True)
class Talk:
    """One conversation's messages."""

    id: str
    language: str
    messages: list[Said]


@dataclass(frozen=True)
class Turn:
    """What one message led to.

    Attributes:
        conversation: Whose.
        number: Of the message in its conversation, from 0.
        text: The message.
        replies: What the customer saw.
        events: All that went into the tracker, without times.
    """

    conversation: str
    number: int
    text: str
    replies: list[Any]
    events: list[Any]


@dataclass
class Job:
    """What a player is to do.

    Attributes:
        model: The model's file.
        fast: `RAPPORT_FAST`.
        actions_url: The action server's webhook.
        talks: The conversations, played one after the other.
        out: Where the turns go, one a line.
        long: After so many events a conversation goes on in a new session; as in the product where it is 0.
    """

    model: str
    fast: str
    actions_url: str
    talks: list[Talk]
    out: str
    long: int = 0

    def write(self, path: Path) -> Path:
        """Write it to a file for another process."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        return path

    @staticmethod
    def read(path: Path) -> Job:
        """Read it back."""
        content = json.loads(path.read_text("utf-8"))
        talks = [
            Talk(talk["id"], talk["language"], [Said(**said) for said in talk["messages"]])
            for talk in content.pop("talks")
        ]
        return Job(talks=talks, **content)


def without_times(value: Any) -> Any:
    """Leave out, at any depth, what differs from run to run."""
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in CHANGING}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def write_turns(path: Path, turns: Iterable[Turn]) -> None:
    """Write turns, one a line."""
    lines = (json.dumps(asdict(turn), ensure_ascii=False, sort_keys=True) for turn in turns)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def read_turns(path: Path) -> list[Turn]:
    """Read them back."""
    return [Turn(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def differences(stock: list[Turn], ours: list[Turn]) -> Iterator[str]:
    """Give each turn that is not the same, as people read it: the message and the changed lines."""
    if len(stock) != len(ours):
        yield f"{len(stock)} turns, and {len(ours)}"
    for one, other in zip(stock, ours, strict=False):
        if one != other:
            yield changed(
                f"conversation {one.conversation}, message {one.number}: {one.text!r}", vars(one), vars(other)
            )


def changed(title: str, stock: Any, ours: Any) -> str:
    """Show what is not the same in two values, under a title."""
    both = [json.dumps(each, ensure_ascii=False, indent=1, sort_keys=True).splitlines() for each in (stock, ours)]
    return "\n".join([title, *difflib.unified_diff(*both, "stock Rasa", "ours", n=1, lineterm="")])


Answer = tuple[int, bytes]


@dataclass
class RecordedActions:
    """An action server that notes each call with its answer, and gives the same answers again to who calls the same.

    Attributes:
        ask: Gives the answer to a call that was never made before.
        strange: Calls that differ from the recorded one at their place.
    """

    ask: Callable[[bytes], Answer]
    strange: list[str] = field(default_factory=list)
    _calls: dict[str, list[tuple[Any, Answer]]] = field(default_factory=lambda: defaultdict(list))
    _next: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _is_recording: bool = True

    def replay(self) -> None:
        """From now on give the recorded answers, from the first."""
        self._is_recording = False
        self._next.clear()
        self.strange.clear()

    def answer(self, body: bytes) -> Answer:
        """Answer one call."""
        call = without_times(json.loads(body))
        conversation = call["sender_id"]
        if self._is_recording:
            answer = self.ask(body)
            self._calls[conversation].append((call, answer))
            return answer
        place = self._next[conversation]
        self._next[conversation] += 1
        recorded, answer = (
            self._calls[conversation][place] if place < len(self._calls[conversation]) else ({}, (500, b"{}"))
        )
        if recorded != call:
            title = f"conversation {conversation}: call {place}, of {call['next_action']}, is another one"
            self.strange.append(changed(title, recorded, call))
        return answer


@contextmanager
def serving(answer: Callable[[bytes], Answer]) -> Iterator[str]:
    """Serve an action server on a free port; gives its webhook."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_POST(self) -> None:
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook"
    finally:
        server.shutdown()
        server.server_close()
