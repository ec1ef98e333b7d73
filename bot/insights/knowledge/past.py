"""Who changed what of an article, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk.parts import box, text
from bot.desk.wording import Wording
from crm_core.records.articles import ArticleChange


def draw_past(words: Wording, changes: Sequence[ArticleChange], agents: Mapping[str, str]) -> None:
    """Draw the history, each change with what had been there before."""
    if not changes:
        return
    with box("panel-card", tag="section"):
        text(words.say("knowledge-history"), "h2", tag="h2")
        with box("past", tag="ul"):
            for change in changes:
                with box(tag="li"):
                    _line(words, change, agents.get(change.actor) or _program(words, change.actor))


def _line(words: Wording, change: ArticleChange, who: str) -> None:
    done = words.say(f"knowledge-deed-{change.deed}", who=who, spoken=words.name("language", change.language))
    names = [words.say(f"article-field-{name.replace('_', '-')}") for name in change.fields]
    with box("row"):
        text(words.moment(change.at), "muted num")
        text(done)
        if change.deed == "changed":
            text(", ".join(names), "muted")
    before = (change.before or {}).get("body")
    if before and "body" in change.fields:
        with box("fold", tag="details"):
            text(words.say("knowledge-before"), tag="summary")
            text(str(before), "topic-words", tag="p")


def _program(words: Wording, actor: str) -> str:
    """Name what changed an article where it was no person (`files:shop` is an import)."""
    return words.name("knowledge-by", actor.partition(":")[0])
