"""A turn's trace as it may be kept: how the bot came to its answer, without the customer's personal values."""

from __future__ import annotations

import re
from typing import Any

from crm_core.privacy.personal_data import mask_personal_data

_WORD = re.compile(r"[A-Za-z0-9_.:#-]{1,64}")
_CONTACT = re.compile(r"\w?\*{3}\S+")  # a masked e-mail address or number, and nothing beside it


def without_personal_values(trace: dict[str, Any]) -> dict[str, Any]:
    """Mask personal values wherever they stand, and free text in slots and entities.

    Order numbers, product codes, numbers and names of intents or actions stay: they explain the answer.
    """
    kept = {name: value if name == "model" else _masked(value) for name, value in trace.items()}
    if isinstance(trace.get("slots"), dict):
        kept["slots"] = {name: _kept(name, value) for name, value in trace["slots"].items()}
    if isinstance(trace.get("entities"), list):
        kept["entities"] = [
            {**entity, "value": _kept(str(entity.get("entity")), entity.get("value"))}
            for entity in trace["entities"]
            if isinstance(entity, dict)
        ]
    return kept


def _kept(name: str, value: Any) -> Any:
    if name.endswith("order_number") or not isinstance(value, str):
        return _masked(value) if isinstance(value, dict | list) else value
    masked = _masked(value)
    return masked if _WORD.fullmatch(value) or _CONTACT.fullmatch(masked) else f"({len(value)})"


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_personal_data(value)
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part) for part in value]
    return value
