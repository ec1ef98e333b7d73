"""What every process writes into its log: without personal values, whoever put them there."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from crm_core.privacy.personal_data import mask_personal_data


def configure(level: str) -> None:
    """Set the log up, once, at the start of a process.

    Args:
        level: `DEBUG` to `ERROR`; another word counts as `INFO`.
    """
    threshold = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    *processors, renderer = structlog.get_config()["processors"]
    if without_personal_data not in processors:
        processors += [structlog.processors.format_exc_info, without_personal_data]
    structlog.configure(
        processors=[*processors, renderer], wrapper_class=structlog.make_filtering_bound_logger(threshold)
    )


def without_personal_data(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask personal values in everything that one line says, traces of errors included."""
    for name, value in event.items():
        if name != "timestamp":
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_personal_data(value)
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(part) for part in value]
    return value if isinstance(value, int | float | bool | None) else mask_personal_data(str(value))
