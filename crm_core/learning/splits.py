"""Hold-out splits that do not leak: by time, and by group so that copies never stand on both sides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from crm_core.learning.contract import SEED

Mask = npt.NDArray[np.bool_]
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Cutoffs:
    """The moments at which features are taken, each followed by a label window that is over.

    The label window of every training cutoff ends at or before the test cutoff.
    """

    train: tuple[datetime, ...]  # oldest first
    test: datetime


def cutoffs(first: datetime, last: datetime, window: timedelta, most: int) -> Cutoffs | None:
    """Lay label windows back to back from the end of what is known.

    Args:
        first: Since when there is anything to learn from.
        last: Until when everything is known (the newest window ends here).
        window: Length of the label window.
        most: Largest number of training cutoffs.

    Returns:
        The cutoffs, or None when there is not room for one training and one test window after at least one
        window of history.
    """
    test = last - window
    train = [test - window * step for step in range(1, most + 1)]
    train = [moment for moment in train if moment - window >= first]
    return Cutoffs(tuple(reversed(train)), test) if train else None


def text_groups(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Number texts so that copies share a number; case, width, spaces and punctuation do not tell texts apart."""
    keys = [_NOT_A_WORD.sub("", unicodedata.normalize("NFKC", text).casefold()) or text for text in texts]
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def grouped_split(
    groups: npt.NDArray[np.int64], strata: Sequence[str], test_share: float = 0.2, seed: int = SEED
) -> Mask:
    """Choose hold-out rows: whole groups only, and of every stratum about the same share.

    Args:
        groups: One number a row; rows of one group stay together.
        strata: One label a row; a group belongs to the stratum of its first row.
        test_share: Share of the groups held out, in (0, 1).
        seed: Start of the random order.

    Returns:
        True where a row is held out.
    """
    first_rows = np.unique(groups, return_index=True)[1]
    stratum_of = np.asarray(strata, dtype=object)[first_rows]
    random = np.random.default_rng(seed)
    held_out: list[npt.NDArray[np.int64]] = []
    for stratum in sorted(set(stratum_of)):
        members = groups[first_rows[stratum_of == stratum]]
        random.shuffle(members)
        held_out.append(members[: round(len(members) * test_share)])
    return np.isin(groups, np.concatenate(held_out))


def grouped_folds(groups: npt.NDArray[np.int64], folds: int, seed: int = SEED) -> npt.NDArray[np.int64]:
    """Give each row a fold number from 0; rows of one group share it."""
    names, inverse = np.unique(groups, return_inverse=True)
    numbers = np.arange(len(names)) % folds
    np.random.default_rng(seed).shuffle(numbers)
    return numbers[inverse].astype(np.int64)
