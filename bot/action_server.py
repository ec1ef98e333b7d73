"""The custom actions' server, in one process.

`python -m rasa_sdk` starts a manager with a worker below it; a manager whose worker is killed stays, spins and answers
nothing. One process ends when it is killed, and Supervisor starts it again.
"""

from __future__ import annotations

import argparse
import logging

from rasa_sdk import utils
from rasa_sdk.endpoint import create_app_for_serve
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic


def main() -> None:
    """Serve the actions until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5055)
    wanted = parser.parse_args()
    utils.configure_colored_logging(logging.INFO)
    utils.update_sanic_log_level()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app_for_serve(executor)
    app.prepare(host=wanted.host, port=wanted.port, single_process=True)
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main()
