"""`python -m bot.assistant run|train …`: Rasa's own command line, without the parts of Rasa that nothing names."""

from __future__ import annotations

import json
import sys
import tarfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import yaml

from bot.assistant.levers import kept_out, switches
from bot.assistant.levers.switches import Lever


def main() -> None:
    """Keep out what can be kept out, then do what `rasa` does."""
    try:
        levers = switches.chosen()
    except switches.UnknownLever as error:
        sys.exit(str(error))
    named = named_by(sys.argv[1:])
    if named is not None:
        kept_out.keep_out(levers, named)
    from rasa.__main__ import main as rasa

    if Lever.FILES in levers and sys.argv[1:2] == ["train"]:
        from bot.assistant.levers import file_reading

        file_reading.install()
    rasa()


def named_by(arguments: list[str]) -> set[str] | None:
    """Give the components, policies and channels that a command line leads to; None when that cannot be known."""
    given = _parser().parse_known_args(arguments)[0]
    named = {"run": _named_by_run, "train": _named_by_train}.get(given.command)
    return named(given) if named else None


def _parser() -> ArgumentParser:
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("command", nargs="?")
    parser.add_argument("--model", "-m", type=Path)
    parser.add_argument("--config", "-c", type=Path, default=Path("config.yml"))
    parser.add_argument("--credentials", type=Path, default=Path("credentials.yml"))
    parser.add_argument("--connector")
    return parser


def _named_by_run(given: Namespace) -> set[str] | None:
    if given.model is None or not given.model.is_file():
        return None  # the newest of a folder, or one that a server hands out
    try:
        with tarfile.open(given.model) as archive:
            metadata = json.loads(archive.extractfile("metadata.json").read())  # type: ignore[union-attr]
    except (tarfile.TarError, KeyError):
        return None  # no model: Rasa will say so
    nodes = [node for part in ("train_schema", "predict_schema") for node in metadata[part]["nodes"].values()]
    channels = {given.connector} if given.connector else set(_read(given.credentials))
    return {node["uses"] for node in nodes} | channels


def _named_by_train(given: Namespace) -> set[str] | None:
    config = _read(given.config)
    if not config.get("pipeline") or not config.get("policies"):
        return None  # Rasa fills in its own, with TensorFlow
    return {part["name"] for part in [*config["pipeline"], *config["policies"]]}


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8")) or {} if path.is_file() else {}


if __name__ == "__main__":
    main()
