"""From a fresh clone to the first answer: the first and the second `make run`, the training, the memory.

    uv run python -m benchmarks.startup [--quick]

`--quick` leaves out the clone and measures this checkout's `rapport up` in an empty home (models are kept).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from benchmarks.product import ROOT, Product, free_port

_LIMIT_SECONDS = 1200


def memory_mb(process: psutil.Process) -> dict[str, float]:
    """Give the resident memory of each part below a process, its own helpers included."""
    sizes: dict[str, float] = {}
    for child in process.children(recursive=True):
        command = " ".join(child.cmdline())
        for name, mark in (
            ("assistant", "bot.assistant run"),
            ("actions", "bot.action_server"),
            ("gateway", "bot.gateway"),
        ):
            if mark in command:
                sizes[name] = sizes.get(name, 0) + child.memory_info().rss / 2**20
    return sizes


def start(folder: Path, environment: dict[str, str], output: Path) -> tuple[float, dict[str, float]]:
    """Type `make run` in a folder, wait until it is ready, and end it as Ctrl-C does.

    Returns:
        Seconds until ready, and the memory of each part in MB.
    """
    started = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["make", "run"], cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    address = f"http://127.0.0.1:{environment['RAPPORT_PORT']}/readyz"
    while process.poll() is None and time.perf_counter() - started < _LIMIT_SECONDS:
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                break
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    else:
        raise RuntimeError(output.read_text())
    seconds = time.perf_counter() - started
    sizes = memory_mb(psutil.Process(process.pid))
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    return seconds, sizes


def from_clone(work: Path) -> dict[str, float]:
    """Measure both starts in a fresh clone."""
    clone = work / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "RAPPORT_HOME")}
    for part in ("PORT", "ASSISTANT_PORT", "ACTIONS_PORT"):
        environment[f"RAPPORT_{part}"] = str(free_port())
    first, _ = start(clone, environment, work / "first.txt")
    training = re.search(r"Training the assistant \((\d+) s\)", (work / "first.txt").read_text())
    second, sizes = start(clone, environment, work / "second.txt")
    return {
        "first_run_s": first,
        "second_run_s": second,
        "assistant_training_s": float(training[1]) if training else float("nan"),
        **{f"{name}_mb": size for name, size in sizes.items()},
    }


def from_here(work: Path) -> dict[str, float]:
    """Measure `rapport up` of this checkout twice, on an empty home and on the same again."""
    product = Product(work / "home")
    with product:
        first = product.ready_seconds
    with product:
        sizes = memory_mb(psutil.Process())
        return {
            "first_up_s": first,
            "second_up_s": product.ready_seconds,
            **{f"{name}_mb": size for name, size in sizes.items()},
        }


def main() -> None:
    """Measure, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    with tempfile.TemporaryDirectory() as work:
        figures = (from_here if parser.parse_args().quick else from_clone)(Path(work))
    for name, value in figures.items():
        print(f"{name:24}{value:10.1f}")
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
