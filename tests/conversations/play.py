"""Plays a script against the assistant, as the gateway would, and compares the answers."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from crm_core.crm import Crm
from crm_core.records.conversations import HandoffWish, Owner, TurnResult
from tests.conversations.people import Person
from tests.conversations.script import Script, Step

CHANNEL = "conversation-test"
LEASE_SECONDS = 60


@dataclass
class Play:
    """One conversation while it runs."""

    crm: Crm
    assistant: httpx.Client
    script: Script
    person: Person
    conversation_id: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Play all steps; the first that is answered differently fails."""
        opened = self.crm.conversations.open(CHANNEL, uuid.uuid4().hex, language=self.script.language)
        self.conversation_id = opened.id
        if self.person.signed_in:
            self.crm.conversations.identify(opened.id, self.person.customer_id)
        try:
            for number, step in enumerate(self.script.steps, 1):
                answer = self._send(step)
                problems = [*_problems(step, answer, self._filled), *self._state_problems(step)]
                assert not problems, self._report(number, step, answer, problems)
        finally:
            self._leave_queue()

    def _leave_queue(self) -> None:
        """Let the next conversation find nobody waiting for a person."""
        if self.crm.conversations.get(self.conversation_id).owner == Owner.QUEUE:
            self.crm.conversations.cancel_handoff(self.conversation_id)

    def _filled(self, text: str) -> str:
        return self.person.fill(text)

    def _send(self, step: Step) -> dict[str, Any]:
        body = {"text": self._filled(step.user)} if step.user is not None else self._pressed(step.press or "")
        self.crm.conversations.accept(self.conversation_id, body, external_id=uuid.uuid4().hex)
        turn = self.crm.conversations.next_turn(self.conversation_id, CHANNEL, lease_seconds=LEASE_SECONDS)
        if turn is None:
            return {"replies": [], "trace": {}}
        call = {
            "conversation_id": self.conversation_id,
            "message_id": turn.message.id,
            "language": self.script.language,
            **body,
        }
        response = self.assistant.post("/webhooks/gateway/turn", json=call)
        assert response.status_code == httpx.codes.OK, f"{response.status_code}: {response.text}"
        answer: dict[str, Any] = response.json()
        self.replies = answer["replies"]
        self.slots |= answer["trace"]["slots"]
        self.crm.conversations.finish_turn(turn, _result(answer))
        return answer

    def _pressed(self, title: str) -> dict[str, str]:
        buttons = [button for reply in self.replies for button in reply.get("buttons", [])]
        payloads = {button["title"]: button["payload"] for button in buttons}
        assert self._filled(title) in payloads, f"no button {title!r} among {sorted(payloads)}"
        return {"text": self._filled(title), "payload": payloads[self._filled(title)]}

    def _state_problems(self, step: Step) -> list[str]:
        conversation = self.crm.conversations.get(self.conversation_id)
        problems = []
        if step.owner and conversation.owner != step.owner:
            problems.append(f"the owner is {conversation.owner.value}, not {step.owner}")
        if step.closed is not None and (conversation.status == "closed") != step.closed:
            problems.append(f"the conversation is {conversation.status}")
        for name, value in step.slots.items():
            wanted = self._filled(value) if isinstance(value, str) else value
            if self.slots.get(name) != wanted:
                problems.append(f"slot {name} is {self.slots.get(name)!r}, not {wanted!r}")
        return problems

    def _report(self, number: int, step: Step, answer: dict[str, Any], problems: list[str]) -> str:
        trace = answer["trace"]
        said = "\n".join(f"    bot: {reply}" for reply in answer["replies"]) or "    (nothing)"
        why = {key: trace.get(key) for key in ("intent", "entities", "actions", "responses", "slots", "active_loop")}
        lines = "\n".join(f"  - {problem}" for problem in problems)
        return f"step {number}, {self._filled(step.user or step.press or '')!r}:\n{said}\n    why: {why}\n{lines}"


def _result(answer: dict[str, Any]) -> TurnResult:
    customs = [reply["custom"] for reply in answer["replies"] if reply.get("custom")]
    wishes = [HandoffWish(**custom["handoff"]) for custom in customs if custom.get("handoff")]
    return TurnResult(
        replies=[_body(reply) for reply in answer["replies"]],
        trace=answer["trace"],
        duration_ms=answer["trace"]["timing_ms"]["total"],
        handoff=wishes[-1] if wishes else None,
        close=any(custom.get("close") for custom in customs),
    )


def _body(reply: dict[str, Any]) -> dict[str, Any]:
    cards = (reply.get("custom") or {}).get("cards")
    return {key: reply[key] for key in ("text", "buttons", "image") if key in reply} | (
        {"cards": cards} if cards else {}
    )


def _problems(step: Step, answer: dict[str, Any], fill: Any) -> list[str]:
    trace, replies = answer["trace"], answer["replies"]
    text = "\n".join(reply.get("text", "") for reply in replies).lower()
    titles = {button["title"] for reply in replies for button in reply.get("buttons", [])}
    cards = sum(len((reply.get("custom") or {}).get("cards", [])) for reply in replies)
    said = [reply["text"] for reply in replies if "text" in reply]
    problems = [f"says twice {words!r}" for words, times in Counter(said).items() if times > 1]
    problems += [f"does not say {words!r}" for words in step.says if fill(words).lower() not in text]
    problems += [f"says {words!r}" for words in step.never if fill(words).lower() in text]
    problems += [
        f"has no button {title!r} among {sorted(titles)}" for title in step.buttons if fill(title) not in titles
    ]
    if not _in_order(step.bot, trace.get("responses", [])):
        problems.append(f"said {trace.get('responses')}, not {step.bot}")
    if not _in_order(step.actions, trace.get("actions", [])):
        problems.append(f"did {trace.get('actions')}, not {step.actions}")
    if cards < step.cards:
        problems.append(f"has {cards} cards, not {step.cards}")
    if step.intent and trace.get("intent", {}).get("name") != step.intent:
        problems.append(f"was understood as {trace.get('intent')}, not {step.intent}")
    if step.expects_form and trace.get("active_loop") != step.form:
        problems.append(f"the open form is {trace.get('active_loop')}, not {step.form}")
    return problems


def _in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(name in rest for name in wanted)
