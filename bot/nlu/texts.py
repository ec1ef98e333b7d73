"""Files of labelled texts, whoever made them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crm_core.errors import InvalidInput

TEXT_COLUMNS = ("text", "utterance", "message", "sentence")
INTENT_COLUMNS = ("intent", "category", "label")
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)

Meaning = Mapping[str, frozenset[str]]
"""For each intent of the file those of ours that answer it rightly."""


def read_texts(path: Path) -> pd.DataFrame:
    """Read a file of texts and intents: CSV, Parquet, a JSON list of such records or Rasa's JSON; also packed.

    Rows without a text or an intent are left out; a text "null" and an intent "None" are words like any other.

    Returns:
        Columns `text` and `intent`, both strings without white space around them.

    Raises:
        InvalidInput: The file cannot be read, a column is missing, or no row is left.
    """
    try:
        frame = _frame(path)
    except _UNREADABLE as error:
        raise InvalidInput("file", str(path), f"it cannot be read: {error}") from error
    columns = [
        next((name for name in names if name in frame.columns), None) for names in (TEXT_COLUMNS, INTENT_COLUMNS)
    ]
    if None in columns:
        raise InvalidInput("file", str(path), f"it needs the columns text and intent, and has {list(frame.columns)}")
    found: pd.DataFrame = frame[columns].set_axis(["text", "intent"], axis=1).dropna().astype(str)
    for name in found:
        found[name] = found[name].str.strip()
    found = found[(found["text"] != "") & (found["intent"] != "")]
    if found.empty:
        raise InvalidInput("file", str(path), "it has no row with a text and an intent")
    return found.reset_index(drop=True)


def _frame(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if ".json" in path.suffixes:
        return pd.DataFrame(_records(path))
    return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=str)


def _records(path: Path) -> Any:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    made = json.loads(content)
    return made if isinstance(made, list) else made["rasa_nlu_data"]["common_examples"]


def read_meaning(path: Path) -> Meaning:
    """Read a mapping of the file's intents to ours: `theirs: ours` or `theirs: [ours, ours]`.

    Raises:
        InvalidInput: It is not such a mapping.
    """
    content = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise InvalidInput("mapping", str(path), "it must map each intent of the file to one or several of ours")
    return {str(theirs): frozenset([ours] if isinstance(ours, str) else ours) for theirs, ours in content.items()}
