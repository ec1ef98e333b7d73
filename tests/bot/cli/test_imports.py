"""`rapport import` at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.imports import import_
from crm_core.errors import InvalidInput

ORDERS = "No,Day,Code,Pieces,Price\nA1,01.02.2026,MUG,2,5\nA1,01.02.2026,POT,many,20\n"
MAPPING = """entity: orders
columns: {number: No, placed_at: Day, sku: Code, quantity: Pieces, unit_price: Price}
dates: {formats: ["%d.%m.%Y"]}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    (tmp_path / "mapping.yml").write_text(MAPPING, "utf-8")
    return tmp_path


def run(*arguments: object) -> str:
    """Run the command and give what it printed."""
    app = typer.Typer()
    app.command()(import_)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "120"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_it_tells_what_was_taken_and_why_the_rest_was_not(files: Path) -> None:
    told = run(files / "orders.csv", "--entity", "orders", "--mapping", files / "mapping.yml", "--source", "shop")
    lines = [" ".join(line.strip("│ \n").split()) for line in told.splitlines()]
    assert "Rows read │ 2" in lines
    assert "Accepted │ 1" in lines
    assert "not a whole number │ 1" in lines
    assert "rejected.csv" in told.replace("\n", "")


def test_the_second_time_everything_is_known(files: Path) -> None:
    arguments = (files / "orders.csv", "--entity", "orders", "--mapping", files / "mapping.yml")
    run(*arguments)
    lines = [" ".join(line.strip("│ \n").split()) for line in run(*arguments).splitlines()]
    assert "Accepted │ 0" in lines
    assert "There already, from an earlier import │ 1" in lines


def test_it_speaks_chinese_where_the_installation_does(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_LANGUAGE", "zh")
    told = run(files / "orders.csv", "--entity", "orders", "--mapping", files / "mapping.yml")
    assert "读取行数" in told
    assert "不是整数" in told


def test_it_suggests_a_mapping_to_start_from(files: Path) -> None:
    assert "number: No" not in run(files / "orders.csv", "--entity", "feedback", "--suggest")
    (files / "export.csv").write_text("Invoice No,Order Date,Stock Code,Qty,Unit Price\n", "utf-8")
    told = run(files / "export.csv", "--entity", "orders", "--suggest")
    assert "number: Invoice No" in told
    assert "quantity: Qty" in told


def test_a_wrong_mapping_names_the_column_and_those_there_are(files: Path) -> None:
    (files / "mapping.yml").write_text(MAPPING.replace("number: No", "number: Invoice"), "utf-8")
    with pytest.raises(InvalidInput, match=r"'Invoice' is not a column of orders\.csv; it has: No, Day, Code"):
        run(files / "orders.csv", "--entity", "orders", "--mapping", files / "mapping.yml")


def test_an_entity_that_there_is_not_is_refused(files: Path) -> None:
    with pytest.raises(InvalidInput, match="refunds"):
        run(files / "orders.csv", "--entity", "refunds")
