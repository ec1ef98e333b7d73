"""Putting a passage into the words of the question, where a language model is set up and keeps to the passage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actions.language_model import NoWords, model_of
from actions.talk import Talk
from crm_core.knowledge.plain import plain_text
from crm_core.knowledge.record import for_the_record
from crm_core.knowledge.rephrasing_guard import refusal
from crm_core.phrases import crm_phrases
from crm_core.records.shop import Passage


@dataclass(frozen=True, slots=True)
class Words:
    """What is said for a passage."""

    text: str
    rephrased: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # for the turn's trace


def worded(talk: Talk, question: str, passage: Passage) -> Words:
    """Give the words for a passage: its own, or a model's that say nothing else.

    Only the question, its personal values masked, and the passage leave the house.
    """
    quoted = plain_text(passage.text)
    model = None if talk.pressed else model_of(talk.crm.settings)
    if model is None:
        return Words(quoted)
    asked = for_the_record(question)
    try:
        said = model.complete(
            crm_phrases.say(passage.language, "rephrase-instructions"),
            crm_phrases.say(passage.language, "rephrase-passage", question=asked, passage=quoted),
        )
    except NoWords as error:
        return Words(quoted, facts={"rephrasing": str(error)})
    refused = refusal(quoted, said, asked, passage.language)
    if refused:
        return Words(quoted, facts={"rephrasing": f"refused: {refused}"})
    return Words(said, rephrased=True, facts={"rephrasing": "given"})
