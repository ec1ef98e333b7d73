"""Articles from files are put beside those that are there: new ones, changed ones, and those that the source lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from crm_core.records.knowledge import Article, Gathered, Loaded, Skipped
from crm_core.storage import articles as storage

FILES = "files"  # how the actor of what no person wrote on a page begins
_LONGEST_ACTOR = 64


def actor_of(source: str) -> str:
    """Give the actor under which the articles of a source are noted."""
    return f"{FILES}:{source}"[:_LONGEST_ACTOR]


def put(connection: sa.Connection, found: Gathered, actor: str, moment: datetime, *, prune: bool) -> Loaded:
    """Write what is new or has changed; what managers have edited or deleted stays as they left it.

    Args:
        connection: An open transaction.
        found: What the source has.
        actor: Whose deed it is in the articles' history.
        moment: Now.
        prune: Delete what an earlier load of the same actor brought and the source has no more.
    """
    known, last = storage.all_of_them(connection), storage.last_actors(connection)
    brought = {(article.slug, article.language): article for article in found.articles}
    ours = {key: article for key, article in brought.items() if last.get(key, FILES).startswith(FILES)}
    edited = [Skipped(f"{language}/{slug}", "edited") for slug, language in brought.keys() - ours.keys()]
    changed = {key: article for key, article in ours.items() if known.get(key) != article}
    vanished = sorted(known.keys() & {key for key, who in last.items() if who == actor} - brought.keys())
    storage.save(connection, list(changed.values()), moment)
    storage.note(connection, actor, moment, [_deed(key, article, known) for key, article in changed.items()])
    if prune:
        storage.delete(connection, vanished)
        storage.note(connection, actor, moment, [("deleted", known[key], known[key]) for key in vanished])
    new = len(changed.keys() - known.keys())
    return Loaded(
        new=new,
        changed=len(changed) - new,
        unchanged=len(ours) - len(changed),
        removed=len(vanished) if prune else 0,
        vanished=() if prune else tuple(f"{language}/{slug}" for slug, language in vanished),
        skipped=(*found.skipped, *sorted(edited, key=lambda each: each.name)),
    )


def _deed(key: storage.Key, article: Article, known: Mapping[storage.Key, Article]) -> tuple[str, Article, object]:
    before = known.get(key)
    return ("changed" if before else "created"), article, before
