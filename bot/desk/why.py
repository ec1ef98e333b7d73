"""The right column, third tab: why the bot said what it said, turn by turn, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desk.parts import box, chip, empty, fact, meter, text
from bot.desk.views import ExplainedTurn
from bot.desk.wording import Wording
from crm_core.records.conversations import Turn

_KINDS = {
    "category": "feedback",
    "sentiment": "sentiment",
    "mood": "mood",
    "status": "order-status",
    "purchase_intent": "intent-level",
    "language": "language",
    "intent": "intent",
}
_STEP_KINDS = {"utter_": "says", "validate_": "checks"}
_STEPS = ("nlu", "dialogue", "actions", "total")


def draw_why(turns: list[ExplainedTurn], words: Wording) -> None:
    """Draw the turns, the newest first and open."""
    if not turns:
        empty(words.say("why-nothing"))
    for place, explained in enumerate(turns):
        with box("why", tag="details") as details:
            if place == 0:
                details.props["open"] = True
            _summary(explained, words)
            _explain(explained.turn, words)


def _summary(explained: ExplainedTurn, words: Wording) -> None:
    turn = explained.turn
    with box("why-summary", tag="summary"):
        text(explained.text or words.say("desk-no-text"), "why-text clip")
        with box("row", tag="span"):
            text(words.time(turn.created_at), "muted small num")
            if turn.failed:
                chip(words.say("why-failed"), "bad")
            elif turn.fallback:
                chip(words.say("why-fallback"), "warn")
            else:
                chip(words.name("intent", turn.intent), "bot")
            if turn.trace.get("anger"):
                chip(words.say("why-angry"), "bad")
            if turn.suppressed:
                chip(words.say("why-suppressed"))


def _explain(turn: Turn, words: Wording) -> None:
    trace = turn.trace
    with box("why-body"):
        _understood(turn, words)
        _requests(_rows(trace.get("requests")), words)
        _found(_rows(trace.get("entities")), words)
        _decided(trace, words)
        kept = {name: value for name, value in _mapping(trace.get("slots")).items() if value is not None}
        _pairs(words, "why-slots", kept)
        _pairs(words, "why-crm", _mapping(trace.get("crm")))
        _timings(turn, words)


def _understood(turn: Turn, words: Wording) -> None:
    ranking = _rows(turn.trace.get("intent_ranking"))
    if not ranking and turn.intent:
        ranking = [{"name": turn.intent, "confidence": turn.confidence}]
    if not ranking:
        return
    _title(words, "why-understood")
    with box("ranking", tag="ul"):
        for place, candidate in enumerate(ranking[:5]):
            confidence = float(candidate.get("confidence") or 0)
            with box("ranking-row", tag="li"):
                text(words.name("intent", str(candidate.get("name") or "")), "clip" if place else "clip strong")
                meter(confidence, words.percent(confidence), "plain" if place else "bot")
                text(words.percent(confidence), "num small")


def _requests(requests: list[dict[str, Any]], words: Wording) -> None:
    if not requests:
        return
    _title(words, "why-requests")
    with box("steps", tag="ol"):
        for request in requests:
            when = "later" if request.get("when") == "later" else "now"
            what = words.name("intent", str(request.get("intent") or ""))
            text(words.say(f"why-request-{when}", what=what), "step", tag="li")


def _found(entities: list[dict[str, Any]], words: Wording) -> None:
    if not entities:
        return
    _title(words, "why-entities")
    with box("row"):
        for entity in entities:
            kind = words.name("entity", str(entity.get("entity") or ""))
            chip(f"{kind}: {entity.get('value')}", "bot")


def _decided(trace: Mapping[str, Any], words: Wording) -> None:
    policies = [row for row in _rows(trace.get("policies")) if row.get("action") != "action_listen"]
    actions = [{"action": action} for action in trace.get("actions") or []]
    steps = policies or actions
    if not steps:
        return
    _title(words, "why-decided")
    with box("steps", tag="ol"):
        for step in steps:
            with box("step", tag="li"):
                text(_step_name(str(step.get("action")), words), "")
                if policy := step.get("policy"):
                    text(words.name("policy", _policy_name(str(policy))), "muted small")
    if form := trace.get("active_loop"):
        text(words.say("why-form", form=_step_name(str(form), words)), "small", tag="p")


def _step_name(action: str, words: Wording) -> str:
    """Give a step in words: `utter_` says, a form asks, `validate_` checks, anything else does."""
    kind = next((kind for start, kind in _STEP_KINDS.items() if action.startswith(start)), "does")
    kind = "asks" if kind == "does" and action.endswith("_form") else kind
    bare = action.removeprefix("utter_").removeprefix("action_").removeprefix("validate_").removesuffix("_form")
    if kind == "says":
        kind, bare = ("asks", bare.removeprefix("ask_")) if bare.startswith("ask_") else (kind, bare)
        return words.say(f"why-{kind}", what=_capability(bare, words))
    return words.say(f"why-{kind}", what=words.name("action", bare))


def _capability(response: str, words: Wording) -> str:
    """Give the capability that a response belongs to; responses begin with its name."""
    parts = response.split("_")
    starts = ("_".join(parts[:count]) for count in range(len(parts), 0, -1))
    return words.name("capability", next((start for start in starts if words.knows("capability", start)), response))


def _policy_name(policy: str) -> str:
    """Give the class of a policy: Rasa puts its number before it (`policy_0_RulePolicy`)."""
    return policy.rpartition("_")[2]


def _pairs(words: Wording, key: str, pairs: Mapping[str, Any]) -> None:
    if not pairs:
        return
    _title(words, key)
    with box("facts", tag="dl"):
        for name, value in pairs.items():
            fact(words.name("slot", name), _named(name, value, words))


def _named(name: str, value: object, words: Wording) -> str:
    """Write a value of the trace by the name that its kind has."""
    if isinstance(value, str) and name == "segment":
        return words.segment(value)
    if isinstance(value, str) and name in _KINDS:
        return words.name(_KINDS[name], value)
    return _plain(value, words)


def _plain(value: object, words: Wording) -> str:
    """Write a value of the trace without brackets and quotes."""
    if value is None:
        return words.say("why-empty")
    if isinstance(value, bool):
        return words.say("why-yes" if value else "why-no")
    if isinstance(value, float):
        return words.number(value, 3)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{words.name('slot', str(name))}: {_named(str(name), part, words)}" for name, part in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part, words) for part in value) or words.say("why-empty")
    return str(value)


def _timings(turn: Turn, words: Wording) -> None:
    timing = _mapping(turn.trace.get("timing_ms"))
    parts = [
        words.say("why-step", step=words.name("why-step", step), ms=words.number(float(timing[step]), 1))
        for step in _STEPS
        if isinstance(timing.get(step), int | float)
    ]
    parts.append(words.say("why-step", step=words.say("why-step-gateway"), ms=words.number(turn.duration_ms, 1)))
    _title(words, "why-timing")
    text(" · ".join(parts), "small num", tag="p")
    if model := turn.trace.get("model"):
        text(words.say("why-model", model=str(model)), "muted small", tag="p")


def _title(words: Wording, key: str) -> None:
    text(words.say(key), "h3", tag="h3")


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
