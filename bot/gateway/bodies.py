"""From the assistant's answer to what is kept and said: replies become bodies, customs become wishes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crm_core.records.conversations import Body, HandoffWish, TurnResult


class Button(BaseModel):
    """A quick reply."""

    title: str
    payload: str


class Reply(BaseModel):
    """One reply as Rasa gives it."""

    model_config = ConfigDict(extra="ignore")

    text: str | None = None
    buttons: list[Button] = Field(default_factory=list)
    image: str | None = None
    custom: dict[str, Any] = Field(default_factory=dict)


class Answer(BaseModel):
    """The assistant's answer to one message."""

    model_config = ConfigDict(extra="ignore")

    message_id: str
    replies: list[Reply]
    trace: dict[str, Any] = Field(default_factory=dict)
    recorded: bool = False


def turn_result(answer: Answer, duration_ms: float) -> TurnResult:
    """Put an answer into the form in which a turn is kept.

    Args:
        answer: What the assistant gave.
        duration_ms: How long it took, seen from here.
    """
    trace = dict(answer.trace)
    for reply in answer.replies:
        if contributed := reply.custom.get("trace"):
            trace["crm"] = {**trace.get("crm", {}), **contributed}
    return TurnResult(
        replies=[body for reply in answer.replies if (body := _body(reply))],
        trace=trace,
        duration_ms=duration_ms,
        handoff=next((wish for reply in answer.replies if (wish := _handoff(reply))), None),
        close=any(reply.custom.get("close") is True for reply in answer.replies),
    )


def _body(reply: Reply) -> Body:
    body: Body = {}
    if reply.text:
        body["text"] = reply.text
    if reply.buttons:
        body["buttons"] = [button.model_dump() for button in reply.buttons]
    if cards := reply.custom.get("cards"):
        body["cards"] = cards
    if reply.image:
        body["image"] = reply.image
    return body


def _handoff(reply: Reply) -> HandoffWish | None:
    wish = reply.custom.get("handoff")
    if not isinstance(wish, dict):
        return None
    return HandoffWish(str(wish.get("reason") or "asked"), str(wish.get("requested_by") or "bot"))
