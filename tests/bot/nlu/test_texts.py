"""Files of labelled texts are read, whatever their form, or refused with a reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from bot.nlu.texts import read_meaning, read_texts
from crm_core.errors import InvalidInput

ROWS = [{"text": "a", "intent": "b"}]


@pytest.mark.parametrize("header", ["text,intent", "utterance,category", "sentence,label", "id,message,intent"])
def test_the_columns_may_have_other_usual_names(tmp_path: Path, header: str) -> None:
    row = "1,a,b" if header.startswith("id") else "a,b"
    (tmp_path / "t.csv").write_text(f"{header}\n{row}\n")
    assert read_texts(tmp_path / "t.csv").to_dict("records") == ROWS


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"text,intent\na,b\n"))
    assert read_texts(tmp_path / "t.csv.gz").to_dict("records") == ROWS


def test_parquet_is_read_and_empty_values_are_left_out(tmp_path: Path) -> None:
    pd.DataFrame({"text": ["a", None, " "], "intent": ["b", "c", "d"]}).to_parquet(tmp_path / "t.parquet")
    assert read_texts(tmp_path / "t.parquet").to_dict("records") == ROWS


@pytest.mark.parametrize("content", [ROWS, {"rasa_nlu_data": {"common_examples": [{**ROWS[0], "entities": []}]}}])
def test_json_is_read_as_a_list_or_as_rasas_packed_or_not(tmp_path: Path, content: object) -> None:
    made = json.dumps(content).encode()
    (tmp_path / "t.json").write_bytes(made)
    (tmp_path / "t.json.gz").write_bytes(gzip.compress(made))
    for name in ("t.json", "t.json.gz"):
        assert read_texts(tmp_path / name).to_dict("records") == ROWS


def test_words_that_pandas_takes_for_nothing_stay_words(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text,intent\nnull,None\nn/a,NA\n007,1.0\n")
    assert read_texts(tmp_path / "t.csv").to_numpy().tolist() == [["null", "None"], ["n/a", "NA"], ["007", "1.0"]]


def test_white_space_around_an_intent_does_not_make_another(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text,intent\n hi ,greet \n")
    assert read_texts(tmp_path / "t.csv").to_dict("records") == [{"text": "hi", "intent": "greet"}]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.csv", b"a,b\n1,2\n", "needs the columns"),
        ("t.csv", b"", "cannot be read"),
        ("t.csv", b"text,intent\n", "no row"),
        ("t.csv", b"text,intent\n,b\na,\n", "no row"),
        ("t.csv", b"text,intent\n\xff\xfe,b\n", "cannot be read"),
        ("t.csv.gz", b"text,intent\na,b\n", "cannot be read"),
        ("t.csv.gz", gzip.compress(b"text,intent\na,b\n" * 99, mtime=0)[:-9], "cannot be read"),
        ("t.parquet", b"PAR1 and no more", "cannot be read"),
        ("t.json", b"{", "cannot be read"),
        ("t.json", b'{"other": 1}', "cannot be read"),
        ("t.json", b"[]", "needs the columns"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_files_name(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=why) as refused:
        read_texts(tmp_path / name)
    assert name in str(refused.value)


def test_a_mapping_gives_one_or_several_intents(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text("a: x\nb: [x, y]\n")
    assert read_meaning(tmp_path / "m.yml") == {"a": frozenset("x"), "b": frozenset("xy")}


def test_what_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text("- a\n")
    with pytest.raises(InvalidInput, match="map each intent"):
        read_meaning(tmp_path / "m.yml")
