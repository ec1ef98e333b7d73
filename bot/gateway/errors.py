"""How an error looks to whoever caused it: a status, a code, and the field and value where there is one.

What went wrong inside (a database address, a stack trace) stays in the log.
"""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.phrases import bot_phrases
from crm_core.errors import (
    AssistantUnavailable,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RapportError,
    StorageUnavailable,
)

log = structlog.get_logger(__name__)

_SHOWN_CHARS = 80
_STATUS: tuple[tuple[type[RapportError], int, str], ...] = (
    (InvalidInput, 422, "invalid_input"),
    (NotFound, 404, "not_found"),
    (NotAllowed, 403, "not_allowed"),
    (Conflict, 409, "conflict"),
    (StorageUnavailable, 503, "unavailable"),
    (AssistantUnavailable, 503, "assistant_unavailable"),
)
_RETRY_AFTER = {429: "10", 503: "2", 504: "5"}


class Refused(RapportError):
    """A message that the gateway does not take.

    Args:
        code: What is wrong: `empty`, `too_long`, `too_many`, `invalid`, `unavailable` …
        status: The HTTP status that says the same.
        values: What the sentence `gateway-refused-<code>` needs.
    """

    def __init__(self, code: str, status: int = 422, **values: str | int) -> None:
        self.code = code
        self.status = status
        self.values = values
        super().__init__(f"refused: {code}")

    @property
    def for_now(self) -> bool:
        """Whether the same message may be taken a moment later."""
        return self.status in _RETRY_AFTER

    def words(self, language: str) -> str:
        """Say it to the person who wrote the message."""
        return bot_phrases.say(language, f"gateway-refused-{self.code.replace('_', '-')}", **self.values)


class TokenInvalid(NotAllowed):
    """A token that is forged, expired, too long-lived or meant for something else."""


def describe(error: RapportError) -> tuple[int, dict[str, Any]]:
    """Give the HTTP status of an error and what may be told of it."""
    if isinstance(error, Refused):
        return error.status, {"code": error.code, "message": error.words("en")}
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            told: dict[str, Any] = {"code": code, "message": str(error) if status < 500 else code.replace("_", " ")}
            if isinstance(error, InvalidInput):
                told |= {"field": error.field, "value": _shortened(error.value)}
            return status, told
    return 500, {"code": "internal", "message": "internal error"}


def install(app: FastAPI) -> None:
    """Make every error of the application answer in the one shape `{"error": {"code", "message", …}}`."""
    app.add_exception_handler(RapportError, _on_rapport_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)


def answer(status: int, told: dict[str, Any]) -> JSONResponse:
    """Give the response for an error."""
    headers = {"Retry-After": _RETRY_AFTER[status]} if status in _RETRY_AFTER else None
    return JSONResponse({"error": told}, status, headers)


async def _on_rapport_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RapportError)
    status, told = describe(error)
    if status >= 500:
        log.error("request_failed", path=request.url.path, error=str(error), kind=type(error).__name__)
    return answer(status, told)


async def _on_validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or "body"
    value = _shortened(first.get("input"))
    message = f"{field}: {first['msg']}"
    return answer(422, {"code": "invalid_input", "message": message, "field": field, "value": value})


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return answer(error.status_code, {"code": f"http_{error.status_code}", "message": str(error.detail)})


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request_crashed", path=request.url.path, exc_info=error)
    return answer(500, {"code": "internal", "message": "internal error"})


def _shortened(value: object) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= _SHOWN_CHARS else f"{shown[:_SHOWN_CHARS]}…"
