"""Migrate a database from several processes that start at the same moment; ends with how many of them failed."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from crm_core.storage import migrations
from crm_core.storage.database import Database


def migrate(url: str, others: Barrier) -> None:
    """Wait for the others, then migrate."""
    others.wait(30)
    migrations.upgrade(Database(url))


def main(url: str, count: int) -> int:
    """Give how many processes failed."""
    context = multiprocessing.get_context("fork")  # what is imported already is not imported again
    line = context.Barrier(count)
    started = [context.Process(target=migrate, args=(url, line)) for _ in range(count)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    return sum(process.exitcode != 0 for process in started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
