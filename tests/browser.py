"""A real Chromium for the browser tests: the system's, else Playwright's own; none is said, and is a failure in CI."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium, or skip (fail in CI) with the reason."""
    expect.set_options(timeout=15_000)  # a machine that does much else is slow, not wrong
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        except Error as error:
            reason = f"no Chromium could be started: {error.message.splitlines()[0]}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        try:
            yield browser
        finally:
            browser.close()


def look(page: Page, name: str, *, whole: bool = False) -> None:
    """Leave a picture to be looked at in the folder `RAPPORT_TEST_SCREENSHOTS`; without one, take none.

    A picture proves nothing, and Chromium on a busy machine at times cannot take it: no test may hang on that.
    """
    if folder := os.environ.get("RAPPORT_TEST_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def a_picture() -> bytes:
    """Draw a picture (PNG, 8 by 8 points, grey), as a customer might send it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
