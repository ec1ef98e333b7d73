"""Files of every kind and in every state."""

from __future__ import annotations

import gzip
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from crm_core.errors import InvalidInput
from crm_core.intake import chunks
from crm_core.intake.mapping import Mapping
from crm_core.intake.sources import open_source

TABLE = "name,city\nAnna,Köln\n王芳,上海\n"


def read(path: Path, mapping: Mapping | None = None) -> list[tuple[int, list[str]]]:
    """Give every whole row with its line."""
    with open_source(path, mapping) as source:
        return [
            (int(line), [str(column[at]) for column in chunk.columns.values()])
            for chunk in source.chunks()
            for at, line in enumerate(chunk.lines)
        ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(TABLE.encode(encoding))
    assert read(path) == [(2, ["Anna", "Köln"]), (3, ["王芳", "上海"])]


def test_an_encoding_that_a_mapping_gives_is_the_only_one_tried(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name\nKöln\n".encode("latin-1"))
    assert read(path, Mapping(encoding="latin-1")) == [(2, ["Köln"])]
    with pytest.raises(InvalidInput, match="is not text in utf-8"):
        read(path, Mapping(encoding="utf-8"))
    with pytest.raises(InvalidInput, match="is not an encoding"):
        read(path, Mapping(encoding="klingon"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"a{delimiter}b\n1{delimiter}2\n", "utf-8")
    assert read(path) == [(2, ["1", "2"])]


def test_compressed_text_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(TABLE.encode()))
    assert len(read(path)) == 2
    path.write_bytes(gzip.compress(TABLE.encode())[:-9])
    with pytest.raises(InvalidInput, match="cannot be unpacked"):
        read(path)


def test_lines_are_counted_over_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b\n"one\ntwo",2\n\n3,4\n', "utf-8")
    assert [line for line, _ in read(path)] == [2, 5]


def test_ragged_rows_are_kept_apart_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1\n1,2\n1,2,3\n", "utf-8")
    with open_source(path) as source:
        (chunk,) = source.chunks()
    assert [(each.line, each.reason) for each, _ in chunk.malformed] == [(2, "too_few_fields"), (4, "too_many_fields")]
    assert chunk.lines.tolist() == [3]


def test_large_files_come_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 2)
    path = tmp_path / "x.csv"
    path.write_text("a\n" + "".join(f"{number}\n" for number in range(5)), "utf-8")
    with open_source(path) as source:
        assert [chunk.lines.tolist() for chunk in source.chunks()] == [[2, 3], [4, 5], [6]]
        assert source.rows == 5


def test_parquet_is_read_with_the_row_as_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pd.DataFrame({"a": ["x", "y"]}).to_parquet(path)
    assert read(path) == [(2, ["x"]), (3, ["y"])]


def test_a_truncated_parquet_file_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pd.DataFrame({"a": range(1000)}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InvalidInput, match="is not a whole Parquet file"):
        read(path)


def test_a_damaged_page_of_a_parquet_file_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pd.DataFrame({"a": [f"text {number}" for number in range(5000)]}).to_parquet(path)
    content = bytearray(path.read_bytes())
    content[10:4000] = b"\0" * 3990
    path.write_bytes(bytes(content))
    with pytest.raises(InvalidInput, match=r"line 2.*damaged"):
        read(path)


def test_a_workbook_is_read_from_the_sheet_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    book.active.append([None, None])
    book.active.append([2, "y"])
    book.create_sheet("Other").append(["c"])
    book.save(path)
    assert read(path) == [(2, ["1", "x"]), (4, ["2", "y"])]
    assert read(path, Mapping(sheet="Other")) == []
    with pytest.raises(InvalidInput, match="'Third' is not a sheet"):
        read(path, Mapping(sheet="Third"))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(InvalidInput, match="is not a whole Excel workbook"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.csv", "", "is empty"),
        ("x.csv", "\n\n", "has no heading"),
        ("x.csv", "a,a\n1,2\n", "stands twice in the heading"),
        ("x.pdf", "hello", "is of no kind that can be read"),
    ],
)
def test_what_is_no_table_is_refused_clearly(tmp_path: Path, name: str, content: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(InvalidInput, match=told):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv")
