"""Serves the chat widget: plain ES modules, compressed once, cached by browsers until they change."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_CACHE = "public, max-age=300, stale-while-revalidate=86400"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes
    etag: str
    media_type: str


def router(folder: Path) -> APIRouter:
    """Give the route `/widget/…` for the modules of a folder."""
    routes = APIRouter(include_in_schema=False)
    files = _read(folder)

    @routes.get("/widget/{name:path}")
    async def module(request: Request, name: str) -> Response:
        file = files.get(name)
        if file is None:
            raise HTTPException(404, "no such file")
        headers = {"ETag": file.etag, "Cache-Control": _CACHE, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type)
        return Response(file.content, headers=headers, media_type=file.media_type)

    return routes


def _read(folder: Path) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
            compressed = gzip.compress(content, 9, mtime=0)
            files[path.relative_to(folder).as_posix()] = _File(content, compressed, etag, _TYPES[path.suffix])
    return files
