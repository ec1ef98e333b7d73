"""Nothing lost, nothing said twice, nobody talked over, whatever is killed.

    uv run python -m benchmarks.chaos [--database sqlite|postgresql] [--messages 10000] [--conversations 200] [--seed 1]

Real browsers' and programs' protocols against the real product, while its parts are killed and paused, its lines cut
and its messages sent again; then a checker that knows only what the customers and the staff wrote and saw compares it
with the database. The last line is one JSON object; the exit code is 1 where anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.chaos.checker import HEADINGS
from benchmarks.chaos.cluster import postgres_cluster, sqlite_cluster
from benchmarks.chaos.run import Run

_CLUSTERS = {"sqlite": sqlite_cluster, "postgresql": postgres_cluster}
_SHOWN = 20


def main() -> None:
    """Run on one database, print what happened, and end with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=_CLUSTERS, default="sqlite")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--keep", type=Path, help="a folder in which database and logs stay")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # and what was started is ended, too
    print(f"{wanted.database}, seed {wanted.seed}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="rapport-chaos-") as folder,
        _CLUSTERS[wanted.database](wanted.keep or Path(folder) / "home", Console()) as cluster,
    ):
        result = asyncio.run(Run(cluster, wanted.messages, wanted.conversations, wanted.seed).go())
    for name, count in result.faults.items():
        print(f"  {name:28}{count:6}")
    for heading in HEADINGS:
        found = result.verdict.findings[heading]
        print(f"  {heading:28}{len(found):6}")
        for sentence in found[:_SHOWN]:
            print(f"      {sentence}")
    print(json.dumps({**result.figures, "database": wanted.database, "seed": wanted.seed}))
    sys.exit(0 if result.verdict.spotless else 1)


if __name__ == "__main__":
    main()
