"""The custom actions' server, in one process.

`python -m rasa_sdk` starts a manager with a worker below it; a manager whose worker is killed stays, spins and answers
nothing. One process ends when it is killed, and Supervisor starts it again.
"""

from __future__ import annotations

import argparse
import logging

import structlog
from rasa_sdk import utils
from rasa_sdk.endpoint import create_app_for_serve
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions import shared_crm
from bot import logs
from crm_core.errors import StorageUnavailable
from crm_core.language import LANGUAGES

log = structlog.get_logger(__name__)


def main() -> None:
    """Serve the actions until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5055)
    wanted = parser.parse_args()
    logs.configure("INFO")
    utils.configure_colored_logging(logging.INFO)
    utils.update_sanic_log_level()
    executor = ActionExecutor()
    executor.register_package("actions")
    _warm_up()
    app = create_app_for_serve(executor)
    app.prepare(host=wanted.host, port=wanted.port, single_process=True)
    Sanic.serve_single(primary=app)


def _warm_up() -> None:
    """Read the articles before the first question: their vectors take seconds, more than a turn may wait."""
    try:
        shared_crm().knowledge.search("", LANGUAGES[0])
    except StorageUnavailable:
        log.warning("the database is away: the articles are read with the first question", exc_info=True)


if __name__ == "__main__":
    main()
