"""`python -m bot.gateway`: serve until told to stop."""

from __future__ import annotations

import gc

import uvicorn

from bot import logs
from bot.gateway.app import create_app
from bot.gateway.headers import REQUEST_MAX_BYTES
from crm_core.settings import Settings

_GRACE_SECONDS = 5
# Open desks are millions of small objects that live long; Python's own thresholds have it look through them all the
# time: with these a message reaches a desk in half the time (benchmarks/desk.py).
_COLLECT_AFTER = (50_000, 20, 50)


def main() -> None:
    """Read the settings and serve."""
    gc.set_threshold(*_COLLECT_AFTER)
    settings = Settings.load()
    logs.configure(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        ws_max_size=REQUEST_MAX_BYTES,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        server_header=False,
    )


if __name__ == "__main__":
    main()
