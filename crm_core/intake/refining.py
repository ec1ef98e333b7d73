"""From a chunk as the file has it to rows that keep the entity's contract, and reasons for all the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from crm_core.intake.chunks import Chunk
from crm_core.intake.cleaning import Cleaner, clean_column, cleaner, constant
from crm_core.intake.contracts import breaches
from crm_core.intake.entities import Entity, Kind
from crm_core.intake.issues import Action, Issue
from crm_core.intake.mapping import Mapping, needed
from crm_core.intake.outliers import Fences
from crm_core.intake.report import Rejection

_NUMBERS = (Kind.MONEY, Kind.INTEGER)
AT = "_at"
"""Column of a refined frame: the row's position in its chunk."""


@dataclass
class Refined:
    """A chunk after cleaning.

    Attributes:
        frame: The rows that keep the contract: one column per field that the mapping gives (clean values, None
            where there is none) and `_at`.
        rejections: Position in the chunk → why the row was rejected (the first reason).
        issues: What was mended, left out or flagged.
        blank: Field → for each row of the chunk whether nothing stood there.
    """

    frame: pd.DataFrame
    rejections: dict[int, Rejection] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    blank: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = field(default_factory=dict)


class Refiner:
    """Refines the chunks of one file.

    Args:
        entity: What the rows are.
        mapping: A resolved mapping: all its columns are in the file.
        shift: Moves every moment by this (the demo shop is always fresh).
    """

    def __init__(self, entity: Entity, mapping: Mapping, shift: timedelta = timedelta(0)) -> None:
        self._entity = entity
        self._mapping = mapping
        self._shift = shift
        self._needed = frozenset(needed(entity, mapping.columns.keys() | mapping.constants.keys()))
        self._cleaners: dict[str, Cleaner] = {
            name: cleaner(entity.fields[name], mapping, column) for name, column in mapping.columns.items()
        }
        self._constants = {
            name: constant(entity.fields[name], mapping, value)
            for name, value in mapping.constants.items()
            if name not in mapping.columns
        }
        self._fences = {name: Fences() for name in mapping.columns if entity.fields[name].kind in _NUMBERS}

    def refine(self, chunk: Chunk) -> Refined:
        """Clean a chunk, and sort out what cannot be taken."""
        refined = Refined(pd.DataFrame({AT: np.arange(len(chunk))}))
        for name, column in self._mapping.columns.items():
            refined.frame[name] = self._clean(name, chunk, chunk.columns[column.source], refined)
        for name, value in self._constants.items():
            refined.frame[name] = pd.Series([value] * len(chunk), dtype=object)
        self._keep(refined)
        self._hold_to_contract(chunk, refined)
        self._flag_outliers(refined)
        return refined

    def reject(self, chunk: Chunk, refined: Refined, name: str, at: int, reason: str) -> None:
        """Note why a row is rejected; a row's first reason is kept."""
        column = self._mapping.columns.get(name)
        value = "" if column is None else shown(chunk.columns[column.source][at])
        rejection = Rejection(int(chunk.lines[at]), column.source if column else name, value, reason, name)
        refined.rejections.setdefault(int(at), rejection)

    def reject_where(self, chunk: Chunk, refined: Refined, mask: Any, name: str, reason: str) -> None:
        """Reject the rows of the frame where a mask holds, and take them out."""
        for at in refined.frame.loc[mask, AT]:
            self.reject(chunk, refined, name, int(at), reason)
        refined.frame = refined.frame[~mask]

    def _clean(self, name: str, chunk: Chunk, raw: Any, refined: Refined) -> Any:
        clean = clean_column(raw, self._cleaners[name])
        kind = self._entity.fields[name]
        unusable = clean.problems.astype(bool)
        refined.blank[name] = pd.isna(clean.values) & ~unusable
        for at in np.flatnonzero(unusable):
            if name in self._needed:
                self.reject(chunk, refined, name, int(at), clean.problems[at])
            else:
                refined.issues.append(Issue(int(at), name, clean.problems[at], Action.DROPPED, shown(raw[at])))
        for at in np.flatnonzero(clean.mended):
            after = shown(clean.values[at])
            refined.issues.append(Issue(int(at), name, f"{kind.kind}_mended", Action.REPAIRED, shown(raw[at]), after))
        if self._shift and kind.kind is Kind.MOMENT:
            return pd.Series([value and value + self._shift for value in clean.values], dtype=object)
        return pd.Series(clean.values, dtype=object)

    def _hold_to_contract(self, chunk: Chunk, refined: Refined) -> None:
        frame = refined.frame.reset_index(drop=True)
        found = breaches(frame, self._entity)
        positions = frame[AT].tolist()
        for row, name, reason in zip(found["row"], found["field"], found["reason"], strict=True):
            at = int(positions[row])
            if name in self._needed or reason == "missing":
                self.reject(chunk, refined, name, at, reason)
            else:
                refined.issues.append(Issue(at, name, reason, Action.DROPPED, shown(frame.at[row, name])))
                frame.at[row, name] = None
        refined.frame = frame
        self._keep(refined)
        if self._entity.any_of:
            present = [name for name in self._entity.any_of if name in frame]
            self.reject_where(chunk, refined, refined.frame[present].isna().all(axis=1), present[0], "missing")

    def _flag_outliers(self, refined: Refined) -> None:
        for name, fences in self._fences.items():
            there = refined.frame[refined.frame[name].notna()]
            for at, value in _far_out(there, name, fences):
                refined.issues.append(Issue(at, name, "outlier", Action.FLAGGED, value, value))

    @staticmethod
    def _keep(refined: Refined) -> None:
        if refined.rejections:
            refined.frame = refined.frame[~refined.frame[AT].isin(list(refined.rejections))]


def _far_out(rows: pd.DataFrame, name: str, fences: Fences) -> list[tuple[int, str]]:
    if rows.empty:
        return []
    far = rows[fences.far_out(rows[name].to_numpy())]
    return [(int(at), shown(value)) for at, value in zip(far[AT], far[name], strict=True)]


def shown(value: Any) -> str:
    """Give a raw value as it is written into the report."""
    return "" if value is None or value is pd.NaT or value != value else str(value)
