"""`rapport nlu`: how well the assistant understands."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.assistant.components.intent_model import OUTSIDE
from bot.cli import assistant_training
from bot.cli.nlu_figures import show_fresh, show_trained
from bot.nlu import fresh, trained
from bot.nlu.texts import read_meaning, read_texts
from bot.phrases import bot_phrases
from bot.processes import ROOT
from crm_core.settings import Settings

app = typer.Typer(help="Judge how well the assistant understands.", no_args_is_help=True)


@app.callback()
def nlu() -> None:
    """Judge how well the assistant understands."""


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="CSV, Parquet or JSON: text, intent", exists=True)] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML: the file's intents → ours", exists=True)] = None,
    model: Annotated[Path | None, typer.Option(help="another trained assistant", exists=True)] = None,
    sample: Annotated[int | None, typer.Option(help="judge only so many texts, chosen by a fixed seed")] = None,
    train: Annotated[Path | None, typer.Option(help="learn from this file instead", exists=True)] = None,
    test: Annotated[Path | None, typer.Option(help="what to judge after --train", exists=True)] = None,
    oos_label: Annotated[
        str | None, typer.Option(help=f"the intent that means: none of the intents; {OUTSIDE} if a file has it")
    ] = None,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="with the sentence encoder")] = False,
) -> None:
    """Judge the trained assistant on a FILE; or train the same model on one file and judge it on another."""
    if file is None and (train is None or test is None):
        raise typer.BadParameter("give a FILE to judge the trained assistant, or both --train and --test")
    if file is not None and (train or test or oos_label or embeddings):
        raise typer.BadParameter("--train, --test, --oos-label and --embeddings do not go with a FILE")
    if file is None and (mapping or model or sample):
        raise typer.BadParameter("--mapping, --model and --sample go with a FILE only")
    if file is not None:
        _judge_trained(file, mapping, model, sample)
    elif train is not None and test is not None:
        _judge_fresh(fresh.Task.of(read_texts(train), read_texts(test), oos_label), embeddings)


def _judge_trained(file: Path, mapping: Path | None, model: Path | None, sample: int | None) -> None:
    settings = Settings.load()
    texts = read_texts(file)
    if sample is not None and sample < len(texts):
        texts = texts.sample(sample, random_state=0)
    meaning = read_meaning(mapping) if mapping else None
    result = trained.evaluate(trained.read_model(model or assistant_training.model_path(settings)), texts, meaning)
    show_trained(result, trained.read_threshold(ROOT / "config.yml"), Console(), settings.language)


def _judge_fresh(task: fresh.Task, embeddings: bool) -> None:
    language = Settings.load().language
    task.check()
    encoder = fresh.find_encoder() if embeddings else None
    console = Console()
    started = time.perf_counter()
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )
    with bars:
        bar = bars.add_task(bot_phrases.say(language, "nlu-learning"), total=1.0)
        model = fresh.learn(task, encoder, lambda what, done: bars.update(bar, completed=done))
        seconds = time.perf_counter() - started
        bars.update(bar, completed=0.0, description=bot_phrases.say(language, "nlu-judging"))
        answers = fresh.ask(model, task.test, task.oos_label, lambda done: bars.update(bar, completed=done))
    threshold = trained.read_threshold(ROOT / "config.yml")
    show_fresh(task, answers, threshold, console, language)
    figures = {
        **answers.figures(threshold),
        "train_seconds": round(seconds, 2),
        "intents": len(model.intents),
        "examples": len(task.examples),
        "out_of_scope_examples": len(task.out_of_scope),
        "seen_in_training": task.seen,
        "embeddings": embeddings,
    }
    typer.echo(json.dumps(figures))
