"""Entities by rules: order numbers, e-mail, phone, money, quantities, sizes, colours, addresses and days, with roles.

A blank spaCy pipeline (https://spacy.io/usage/rule-based-matching) over our own pieces of text; no trained model. The
words and patterns are in `entities.yml`, days in `dates`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import spacy
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from bot.assistant.components.amounts import read_money, read_number
from bot.assistant.components.dates import find_days
from bot.assistant.components.entity_finder import Entity, EntityFinder
from bot.assistant.components.normalisation import simplified
from bot.assistant.components.patterns import Pattern, read_pattern
from bot.assistant.components.pieces import half_width, pieces

LONGEST = 2_000  # characters; nobody writes an entity behind them
_FILE = Path(__file__).with_name("entities.yml")
_DAYS = "date"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntityExtractor(EntityFinder):
    """Find entities by rules; nothing is learnt, so nothing is trained."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: the file of rules, and the time zone of "today" (empty: `RAPPORT_TIMEZONE`, or UTC)."""
        return {"file": str(_FILE), "timezone": ""}

    def __init__(self, config: dict[str, Any]) -> None:
        zone = ZoneInfo(config["timezone"] or os.environ.get("RAPPORT_TIMEZONE") or "UTC")
        self._rules = EntityRules(yaml.safe_load(Path(config["file"]).read_text("utf-8")))
        self._today: Callable[[], date] = lambda: datetime.now(zone).date()

    def find(self, text: str) -> list[Entity]:
        """Find what the rules know; "today" is the present day."""
        return self._rules.find(text, self._today())


class EntityRules:
    """The rules, ready to be used.

    Args:
        rules: What `entities.yml` holds.
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        self._pipeline = spacy.blank("xx")
        self._pipeline.tokenizer = _PieceTokenizer(self._pipeline.vocab)
        lists = {name: [str(word) for word in words] for name, words in rules["lists"].items()}
        self._values: dict[str, dict[str, str]] = {}
        self._patterns: dict[str, Pattern] = {}
        self._entities = Matcher(self._pipeline.vocab)
        self._roles = Matcher(self._pipeline.vocab)
        ruler = self._pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        self._shapes: list[tuple[str, re.Pattern[str]]] = []
        for kind, rule in rules["entities"].items():
            self._shapes += [(kind, re.compile(shape, re.IGNORECASE)) for shape in rule.get("shapes", [])]
            self._values[kind] = rule.get("values", {})
            for value, spellings in rule.get("words", {}).items():
                ruler.add_patterns([{"label": kind, "pattern": spelling, "id": value} for spelling in spellings])
            for pattern in rule.get("patterns", []):
                self._add(self._entities, kind, read_pattern(str(pattern), lists))
        for kinds, patterns in rules["roles"].items():
            for pattern in patterns:
                self._add(self._roles, "", read_pattern(str(pattern), lists, kinds.split("|")))

    def _add(self, matcher: Matcher, kind: str, patterns: list[Pattern]) -> None:
        for pattern in patterns:
            name = f"{len(self._patterns)} {kind}"
            self._patterns[name] = pattern
            matcher.add(name, [pattern.tokens])

    def find(self, text: str, today: date) -> list[Entity]:
        """Find the entities of a text, in their order.

        Args:
            text: What a customer wrote.
            today: What "yesterday" is counted from.

        Returns:
            Rasa's entities: `entity`, `start`, `end`, `value`; `role` where it is known; an amount also has `minor`
            and `currency`, a date is in ISO 8601, a span of days `first/last`.
        """
        folded = simplified(half_width(text[:LONGEST]))
        document = self._pipeline(folded)
        roles: dict[int, str] = {}  # of the token that an entity begins with
        spans = [*document.ents, *self._shaped(document, today), *self._matched(document, roles)]
        document.set_ents(filter_spans(spans))
        if document.ents:
            self._give_roles(document, roles)
        found = [self._entity(span, text, roles) for span in document.ents if not span.label_.startswith("_")]
        return [entity for entity in found if entity["value"] is not None]

    def _shaped(self, document: Doc, today: date) -> Iterator[Span]:
        """Give what is found in the text as a whole: days, and what regular expressions describe."""
        for days in find_days(document.text, today):
            yield document.char_span(days.start, days.end, _DAYS, span_id=days.value, alignment_mode="expand")
        for kind, shape in self._shapes:
            for found in shape.finditer(document.text):
                yield document.char_span(*found.span(), kind, alignment_mode="expand")

    def _matched(self, document: Doc, roles: dict[int, str]) -> Iterator[Span]:
        """Give the bracketed parts of what matches, those of the longest match first."""
        for kind, tokens in self._matches(self._entities, document):
            for role, start, end in _runs(tokens):
                if role:
                    roles.setdefault(start, role)
                yield Span(document, start, end, label=kind)

    def _give_roles(self, document: Doc, roles: dict[int, str]) -> None:
        starts = {token.i: span.start for span in document.ents for token in span}
        for _, tokens in self._matches(self._roles, document):
            meant = {starts[place]: role for place, _, role in tokens if role}
            if len({document[start].ent_type for start in meant}) == 1:
                roles.update({start: role for start, role in meant.items() if start not in roles})

    def _matches(self, matcher: Matcher, document: Doc) -> Iterator[tuple[str, list[tuple[int, bool, str | None]]]]:
        """Give each match, the longest first: its kind, and (place, inside, role) of its tokens."""
        found = matcher(document, with_alignments=True)
        for name, start, _, alignment in sorted(found, key=lambda match: match[1] - match[2]):
            key = document.vocab.strings[name]
            pattern = self._patterns[key]
            tokens = [(start + at, pattern.inside[index], pattern.roles[index]) for at, index in enumerate(alignment)]
            yield key.partition(" ")[2], tokens

    def _entity(self, span: Span, text: str, roles: dict[int, str]) -> Entity:
        start, end = span.start_char, span.end_char
        entity: Entity = {"entity": span.label_, "start": start, "end": end, "value": text[start:end]}
        if span.id_:
            entity["value"] = span.id_
        else:
            entity |= _read(span.label_, span.text, self._values[span.label_])
        if span.start in roles:
            entity["role"] = roles[span.start]
        return entity


class _PieceTokenizer:
    """Our pieces as spaCy's tokens; the kind of each is its tag."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        tags: list[str] = []
        for kind, start, end in pieces(text):
            if text[start:end] == " " and words and not spaces[-1]:
                spaces[-1] = True
                continue
            words.append(text[start:end])
            spaces.append(False)
            tags.append(kind)
        return Doc(self._vocab, words=words, spaces=spaces, tags=tags)


def _runs(tokens: list[tuple[int, bool, str | None]]) -> Iterator[tuple[str | None, int, int]]:
    """Give the runs of tokens that are inside and of one role: (role, start, end)."""
    runs: dict[int, tuple[str | None, int]] = {}
    begin = None
    for place, inside, role in tokens:
        if inside and begin is not None and runs[begin] == (role, place):
            runs[begin] = (role, place + 1)
        elif inside:
            begin = place
            runs[begin] = (role, place + 1)
        else:
            begin = None
    for start, (role, end) in runs.items():
        yield role, start, end


def _read(kind: str, text: str, values: dict[str, str]) -> Entity:
    if kind == "amount":
        money = read_money(text)
        return {"value": money and str(money)} | ({"minor": money.minor, "currency": money.currency} if money else {})
    if kind == "quantity":
        number = read_number(text)
        return {"value": None if number is None else int(number)}
    if kind == "size":
        return {"value": values.get(text.lower(), text.upper())}
    return {"value": text}
