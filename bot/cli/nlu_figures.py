"""How `rapport nlu evaluate` shows its figures."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bot.nlu.answers import Answers, AtThreshold
from bot.nlu.fresh import Task
from bot.nlu.trained import Evaluation
from bot.phrases import bot_phrases


def show_trained(result: Evaluation, threshold: float, console: Console, language: str = "en") -> None:
    """Print what the trained assistant made of a file: per intent, what is taken for what, in all."""
    table = _table(language, "nlu-per-intent", "nlu-intent", "nlu-texts", "nlu-right")
    for intent, (count, share) in sorted(result.per_intent().items(), key=lambda item: item[1][1]):
        table.add_row(intent, f"{count:,}", f"{share:.1%}")
    console.print(table)
    _show_confusions(result.confusions(), console, language)
    say = bot_phrases.say
    if result.left_out:
        names = ", ".join(f"{intent} ({count})" for intent, count in sorted(result.left_out.items()))
        console.print(say(language, "nlu-left-out", names=names), highlight=False, markup=False)
    accuracy, texts = f"{result.accuracy:.1%}", f"{len(result.verdicts):,}"
    console.print(say(language, "nlu-accuracy", share=accuracy, texts=texts), highlight=False)
    answered = f"{result.answered_rightly(threshold):.1%}"
    console.print(say(language, "nlu-answered", threshold=str(threshold), share=answered), highlight=False)


def show_fresh(task: Task, answers: Answers, threshold: float, console: Console, language: str) -> None:
    """Print what a model that has just learnt made of a file: by threshold, what is taken for what, in all."""
    names = ("nlu-threshold", "nlu-in-scope-accuracy", "nlu-oos-recall", "nlu-mcc")
    table = _table(language, "nlu-by-threshold", *names)
    lines = answers.by_threshold()
    best = max(lines, key=lambda line: line.mcc)
    for line in lines:
        table.add_row(*_cells(line), style="bold" if line is best else "")
    table.add_section()
    table.add_row(*_cells(answers.at(threshold), bot_phrases.say(language, "nlu-in-use", threshold=str(threshold))))
    console.print(table)
    _show_confusions(answers.confusions(), console, language)
    say = bot_phrases.say
    counts = {"examples": len(task.examples), "oos": len(task.out_of_scope), "intents": task.examples.intent.nunique()}
    console.print(say(language, "nlu-learnt", **{name: f"{count:,}" for name, count in counts.items()}))
    if task.seen:
        console.print(say(language, "nlu-seen", texts=f"{task.seen:,}"), style="yellow")
    share, texts = f"{answers.in_scope_accuracy:.1%}", f"{answers.in_scope:,}"
    console.print(say(language, "nlu-accuracy", share=share, texts=texts), highlight=False)
    console.print(say(language, "nlu-speed", milliseconds=f"{answers.p50_ms:.2f}"), highlight=False)


def _cells(line: AtThreshold, name: str | None = None) -> tuple[str, ...]:
    recall = "–" if line.oos_recall is None else f"{line.oos_recall:.1%}"
    return (name or f"{line.threshold}", f"{line.in_scope_accuracy:.1%}", recall, f"{line.mcc:.3f}")


def _show_confusions(confusions: Sequence[tuple[str, str, int]], console: Console, language: str) -> None:
    if not confusions:
        return
    table = _table(language, "nlu-confused", "nlu-meant", "nlu-understood", "nlu-times")
    for wanted, understood, count in confusions:
        table.add_row(wanted, understood, str(count))
    console.print(table)


def _table(language: str, title: str, *columns: str) -> Table:
    table = Table(title=bot_phrases.say(language, title), title_justify="left")
    for column in columns:
        table.add_column(bot_phrases.say(language, column))
    return table
