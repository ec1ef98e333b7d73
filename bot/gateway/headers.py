"""Security headers and the size of requests: one plain ASGI layer around everything."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm_core.conversations.attachments import MAX_BYTES

REQUEST_MAX_BYTES = 1_000_000
_UPLOADS_MAX_BYTES = 50_000_000  # NiceGUI's own traffic of signed-in staff
_ATTACHMENTS = "/chat/attachments"

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_PAGES = (  # NiceGUI renders in the browser and compiles its templates there
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob: https:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'self'; object-src 'none'; frame-ancestors 'none'"
)
_DOCS = (  # Swagger UI comes from FastAPI's own address for it
    "default-src 'self'; script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'self' 'unsafe-inline' "
    "https://cdn.jsdelivr.net; img-src 'self' data: https://fastapi.tiangolo.com; frame-ancestors 'none'"
)
_STAFF_PATHS = ("/desk", "/insights", "/_nicegui")
_SHARED_PATHS = ("/widget", "/chat", "/webhooks")  # may be used from the shop's own pages; no cookie counts there


def policy(path: str) -> str:
    """Give the content security policy for a path."""
    if path.startswith(_STAFF_PATHS):
        return _PAGES
    return _DOCS if path.startswith(("/docs", "/redoc")) else _STRICT


class SecurityHeaders:
    """Adds the headers to every response, answers CORS pre-flights, and refuses requests that are too large.

    Args:
        app: What is wrapped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), path)
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and path.startswith(_SHARED_PATHS) and "origin" in headers:
            await JSONResponse(None, 204)(scope, receive, send_with_headers)
            return
        limit = _limit(path)
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            told = {"error": {"code": "too_large", "message": f"a request may have {limit} bytes"}}
            await JSONResponse(told, 413)(scope, receive, send_with_headers)
            return
        await self._app(scope, _counted(receive, limit), send_with_headers)


def _limit(path: str) -> int:
    if path.startswith(_STAFF_PATHS):
        return _UPLOADS_MAX_BYTES
    return MAX_BYTES if path == _ATTACHMENTS else REQUEST_MAX_BYTES


def _counted(receive: Receive, limit: int) -> Receive:
    """Stop reading a request that goes on for longer than it may: one sent in pieces declares no length."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(413, f"a request may have {limit} bytes")
        return message

    return counted


def _add(headers: MutableHeaders, path: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    headers["X-Frame-Options"] = "DENY" if path.startswith(_STAFF_PATHS) else "SAMEORIGIN"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = policy(path)
    if path.startswith(_SHARED_PATHS):
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Allow-Headers"] = "Content-Type, Authorization, X-Customer-Token"
        headers["Access-Control-Allow-Methods"] = "GET, POST"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
