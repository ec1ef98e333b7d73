"""The keyboard: which key does what, and the list of them."""

from __future__ import annotations

from nicegui import ui

from bot.desk.frame import Visit
from bot.desk.parts import box, button, text

_KEYS = {  # the elements themselves carry theirs as `aria-keyshortcuts`; keys.js presses what it finds
    "lists": (("j", "next"), ("k", "previous"), ("s", "search"), ("m", "mentions")),
    "talk": (("t", "take"), ("b", "hand-back"), ("q", "release"), ("e", "solve"), ("x", "transfer")),
    "labels": (("g", "tag"), ("p", "priority"), ("z", "snooze")),
    "writing": (
        *(("r", "reply"), ("n", "note"), ("/", "ready"), ("Enter", "send")),
        *(("Shift Enter", "line"), ("Esc", "leave")),
    ),
    "help": (("?", "help"),),
}


def add_keys(visit: Visit) -> None:
    """Add the list of keys, and the button in the top bar that opens it."""
    words = visit.words
    with ui.teleport(".top-right"):
        made = button("?", classes="quiet keys-open", aria_label=words.say("keys"), aria_keyshortcuts="?")
        made.props["title"] = words.say("keys")
        made.on("click", js_handler="() => document.querySelector('.keys').showModal()")
    with box("keys", tag="dialog", aria_label=words.say("keys")):
        with box("row between"):
            text(words.say("keys"), "h2", tag="h2")
            close = button("×", classes="quiet", aria_label=words.say("keys-close"))
            close.on("click", js_handler="() => document.querySelector('.keys').close()")
        with box("keys-groups"):
            for group, keys in _KEYS.items():
                with box("keys-group"):
                    text(words.say(f"keys-{group}"), "h3", tag="h3")
                    for key, what in keys:
                        _row(words.say(f"key-{what}"), key)
        text(words.say("keys-note"), "muted small", tag="p")


def _row(what: str, key: str) -> None:
    with box("keys-row"):
        text(what)
        with box("row nowrap"):
            for part in key.split():
                text(part, tag="kbd")
