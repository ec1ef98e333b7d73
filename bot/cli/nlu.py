"""`rapport nlu`: how well the assistant understands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import nlu_evaluation
from bot.cli import assistant_training
from bot.processes import ROOT
from crm_core.settings import Settings

app = typer.Typer(help="Judge how well the assistant understands.", no_args_is_help=True)


@app.callback()
def nlu() -> None:
    """Judge how well the assistant understands."""


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: text, intent; or Rasa's JSON", exists=True)],
    mapping: Annotated[Path | None, typer.Option(help="YAML: the file's intents → ours", exists=True)] = None,
    model: Annotated[Path | None, typer.Option(help="another trained assistant", exists=True)] = None,
    sample: Annotated[int | None, typer.Option(help="judge only so many texts, chosen by a fixed seed")] = None,
) -> None:
    """Compare what the trained assistant understands with the labels of a file."""
    path = model or assistant_training.model_path(Settings.load())
    texts = nlu_evaluation.read_texts(file)
    if sample is not None and sample < len(texts):
        texts = texts.sample(sample, random_state=0)
    meaning = nlu_evaluation.read_meaning(mapping) if mapping else None
    result = nlu_evaluation.evaluate(nlu_evaluation.read_model(path), texts, meaning)
    show(result, nlu_evaluation.read_threshold(ROOT / "config.yml"), Console())


def show(result: nlu_evaluation.Evaluation, threshold: float, console: Console) -> None:
    """Print the figures: in all, per intent, and what is taken for what."""
    table = Table("intent", "texts", "right", title="Per intent", title_justify="left")
    for intent, (count, share) in sorted(result.per_intent().items(), key=lambda item: item[1][1]):
        table.add_row(intent, f"{count:,}", f"{share:.1%}")
    console.print(table)
    if result.confusions():
        confused = Table("meant", "understood as", "times", title="Most often confused", title_justify="left")
        for wanted, understood, count in result.confusions():
            confused.add_row(wanted, understood, str(count))
        console.print(confused)
    if result.left_out:
        names = ", ".join(f"{intent} ({count})" for intent, count in sorted(result.left_out.items()))
        console.print(f"Left out, for want of a meaning here: {names}", highlight=False)
    console.print(f"Accuracy [bold]{result.accuracy:.1%}[/] on {len(result.verdicts):,} texts", highlight=False)
    answered = result.answered_rightly(threshold)
    console.print(
        f"Answered rightly at the threshold of {threshold}: {answered:.1%}; below it the assistant asks again"
    )
