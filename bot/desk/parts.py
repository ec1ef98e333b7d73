"""The small pieces that the staff pages are made of; each is a plain HTML element with a class of `style.css`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

Deed = Callable[[], Awaitable[None] | None]


def box(classes: str = "", tag: str = "div", **attributes: str) -> Element:
    """Make an element that holds others; `role="list"`, `aria_label="…"` become its attributes."""
    return _with(ui.element(tag).classes(classes), attributes)


def text(content: str, classes: str = "", tag: str = "span", **attributes: str) -> TextElement:
    """Make an element that holds words; they are always escaped."""
    made = TextElement(tag=tag, text=content).classes(classes)
    _with(made, attributes)
    return made


def button(words: str, deed: Deed | None = None, classes: str = "btn", **attributes: str) -> TextElement:
    """Make a button; without a deed the caller adds its own `on`."""
    made = text(words, classes, tag="button", type="button", **attributes)
    if deed is not None:
        made.on("click", lambda _event: deed(), args=[])
    return made


def link(words: str, target: str, classes: str = "link") -> TextElement:
    """Make a link inside the product."""
    return text(words, classes, tag="a", href=target)


def chip(words: str, tone: str = "plain", hint: str = "") -> TextElement:
    """Make a small label; tones are plain, good, warn, bad, accent."""
    made = text(words, f"chip chip-{tone}")
    return set_hint(made, hint)


def menu(words: str, classes: str = "", panel: str = "", **attributes: str) -> Element:
    """Make a button that opens a list of choices; what is made inside it becomes the list."""
    with box("menu", tag="details"):
        text(words, f"menu-open {classes}", tag="summary", **attributes)
        return box(f"menu-list {panel}")


def heading(words: str, level: int = 2, hint: str = "") -> None:
    """Make a section's heading, with what it means behind an information sign."""
    with box("heading"):
        text(words, f"h{level}", tag=f"h{level}")
        if hint:
            info(hint)


def info(words: str) -> None:
    """Make an information sign whose words appear on pointing and on keyboard focus."""
    sign = box("info", tag="button", type="button", aria_label=words)
    with sign:
        text("i", "info-sign", aria_hidden="true")
        text(words, "info-words", role="tooltip")


def empty(words: str, more: str = "") -> None:
    """Say in a calm way that there is nothing to show."""
    with box("empty"):
        text(words, "empty-title", tag="p")
        if more:
            text(more, "muted", tag="p")


def fact(name: str, value: str) -> None:
    """Make one line of a list of facts (inside a `dl`)."""
    with box("fact"):
        text(name, tag="dt")
        text(value, tag="dd")


def meter(share: float, words: str, tone: str = "accent") -> None:
    """Draw a share in [0, 1] as a bar with its words for screen readers."""
    percent = f"{max(0.0, min(1.0, share)) * 100:.0f}"
    with box("meter", role="img", aria_label=words):
        box(f"meter-fill meter-{tone}").style(f"width:{percent}%")


def enable(element: Element, enabled: bool) -> None:
    """Let an element be used or not."""
    if enabled:
        element.props(remove="disabled")
    else:
        element.props("disabled")


def set_hint(element: TextElement, hint: str) -> TextElement:
    """Say something when the pointer rests on an element; nothing where there is nothing to say."""
    if element.props.get("title", "") != hint:
        element.props["title"] = hint
    return element


def _with(element: Element, attributes: dict[str, Any]) -> Element:
    for name, value in attributes.items():
        element.props[name.replace("_", "-")] = value
    return element
