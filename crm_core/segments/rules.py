"""What tells a group apart, as a few comparisons that a person can follow: the branches of a shallow decision tree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crm_core.learning.contract import SEED

_DEPTH = 3
_SMALLEST = 0.02  # share of customers that a branch must hold


def describe(frame: pd.DataFrame, labels: pd.Series[Any]) -> dict[str, list[dict[str, Any]]]:
    """Give each group the branch that holds most of it.

    Args:
        frame: Raw features.
        labels: The group of each row.

    Returns:
        By group, comparisons `{"feature", "comparison" ("<=" or ">"), "threshold", "share"}`, where `share` is how much
        of the branch belongs to the group; a group that no branch is mainly made of has none.
    """
    from sklearn.tree import DecisionTreeClassifier

    values = frame.to_numpy(dtype=float)
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=_SMALLEST, random_state=SEED % 2**31)
    tree.fit(values, labels)
    leaves = tree.apply(values)
    paths = _paths(tree.tree_, list(frame.columns))
    found: dict[str, tuple[float, list[dict[str, Any]]]] = {}
    for leaf in np.unique(leaves):
        members = labels[leaves == leaf]
        key, count = members.value_counts().index[0], int(members.value_counts().iloc[0])
        held = count / int((labels == key).sum())
        if held > found.get(key, (0.0, []))[0]:
            share = round(count / len(members), 3)
            found[key] = (held, [comparison | {"share": share} for comparison in paths[int(leaf)]])
    return {key: rules for key, (_, rules) in found.items()}


def _paths(tree: Any, names: list[str]) -> dict[int, list[dict[str, Any]]]:
    """Give the comparisons on the way to each leaf, each feature's tightest bounds only."""
    paths: dict[int, list[dict[str, Any]]] = {}
    waiting: list[tuple[int, dict[tuple[str, str], float]]] = [(0, {})]
    while waiting:
        node, bounds = waiting.pop()
        if tree.children_left[node] == -1:
            paths[node] = [
                {"feature": name, "comparison": sign, "threshold": round(value, 1)}
                for (name, sign), value in bounds.items()
            ]
            continue
        name, threshold = names[tree.feature[node]], float(tree.threshold[node])
        waiting.append((int(tree.children_left[node]), bounds | {(name, "<="): threshold}))
        waiting.append((int(tree.children_right[node]), bounds | {(name, ">"): threshold}))
    return paths
