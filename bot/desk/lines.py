"""How one message of the log looks: customer, assistant, person and system clearly apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.desk.parts import box, chip, text
from bot.desk.views import message_text
from bot.desk.wording import Wording
from crm_core.records.conversations import Author, Message

_STOCK_TONE = {"in_stock": "good", "low": "warn", "out": "bad"}


def draw_line(message: Message, words: Wording, agents: dict[str, str], now: datetime) -> None:
    """Draw one message into the element that is open."""
    if message.author == Author.SYSTEM:
        _system_line(message, words, agents, now)
        return
    writer = _writer(message, words, agents)
    with box(f"line line-{message.author.value}", tag="article", aria_label=writer):
        with box("line-meta"):
            text(writer, "line-writer")
            text(words.when(message.created_at, now), "num", tag="time", datetime=message.created_at.isoformat())
        if content := message_text(message):
            text(content, "bubble", tag="p")
        if file := message.body.get("attachment"):
            _file(file, words)
        if image := message.body.get("image"):
            _image(str(image), "line-image")
        if cards := message.body.get("cards"):
            with box("cards"):
                for card in cards:
                    draw_card(card, words)
        if buttons := message.body.get("buttons"):
            with box("row offered", aria_label=words.say("desk-buttons")):
                for offered in buttons:
                    text(str(offered.get("title", "")), "offered-button")


def draw_card(card: dict[str, Any], words: Wording) -> None:
    """Draw a product as the customer saw it."""
    with box("card"):
        if image := card.get("image"):
            _image(str(image), "card-image")
        with box("grow"):
            text(str(card.get("title", "")), "card-title clip", tag="p")
            with box("row"):
                text(str(card.get("price", "")), "num")
                if stock := card.get("stock"):
                    chip(words.name("stock", str(stock)), _STOCK_TONE.get(str(stock), "plain"))
            if reason := card.get("reason"):
                text(str(reason), "muted small", tag="p")


def _writer(message: Message, words: Wording, agents: dict[str, str]) -> str:
    if message.author == Author.AGENT:
        return agents.get(message.agent_id or "", words.say("desk-author-agent"))
    return words.say(f"desk-author-{message.author.value}")


def _system_line(message: Message, words: Wording, agents: dict[str, str], now: datetime) -> None:
    with box("line line-system"):
        text(_told(message, words, agents))
        text(words.when(message.created_at, now), "num", tag="time")


def _told(message: Message, words: Wording, agents: dict[str, str]) -> str:
    """Give what a system line tells, with who did it or why."""
    body = message.body
    event = str(body.get("event") or "")
    if not event:
        return message_text(message)
    more = agents.get(message.agent_id or "") or body.get("name")
    if reason := body.get("reason"):
        more = words.name("handoff", str(reason))
    if outcome := body.get("outcome"):
        more = words.name("ending", str(outcome))
    told = words.name("system", event)
    return f"{told} · {more}" if more else told


def _image(source: str, classes: str) -> None:
    if source.startswith(("/", "https://", "http://")):
        box(classes, tag="img", src=source, alt="", loading="lazy")


def _file(file: dict[str, Any], words: Wording) -> None:
    """Draw a customer's file: a picture as one, anything else as a link; only staff who are signed in get it."""
    source = f"/desk/attachments/{file['id']}"
    name = str(file.get("name", ""))
    with box("line-file", tag="a", href=source, target="_blank", rel="noopener", download=name):
        if str(file.get("type", "")).startswith("image/"):
            box("line-image", tag="img", src=source, alt=name, loading="lazy")
        text(f"{name} · {words.number(int(file.get('size', 0)) / 1000)} KB", "small")
