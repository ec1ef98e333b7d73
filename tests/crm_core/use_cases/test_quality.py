"""What an import did to a value is told, can be seen with what came, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cli.quality import page
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput
from crm_core.records.people import SYSTEM
from crm_core.storage import tables
from crm_core.storage.quality import IssueNotFound

CUSTOMERS = """customer_number,name,email,birth_year,city
C1,Ann  Lee,ann@example.com,1980,Oslo
C2,Bob,nonsense,1830,
C3,Cem,,,
,Nobody,,,
"""


def values(crm: Crm, column: sa.Column[Any]) -> list[Any]:
    with crm.database.reading() as connection:
        return list(connection.scalars(sa.select(column)))


def one_value(crm: Crm, column: sa.Column[Any]) -> Any:
    (value,) = values(crm, column)
    return value


@pytest.fixture
def loaded(crm: Crm, tmp_path: Path) -> Crm:
    file = tmp_path / "c.csv"
    file.write_text(CUSTOMERS, "utf-8")
    crm.intake.run(file, "customers", None, "shop")
    return crm


def test_every_repair_rejection_and_value_left_out_is_a_line_of_the_log(loaded: Crm) -> None:
    told = {(one.line, one.field, one.check, one.action, one.before, one.after)
            for one in loaded.quality.issues(actor=SYSTEM)}  # fmt: skip
    assert told == {
        (2, "name", "text_mended", "repaired", "Ann  Lee", "Ann Lee"),
        (3, "email", "not_an_email", "dropped", "nonsense", None),
        (3, "birth_year", "too_small", "dropped", "1830", None),
        (5, "customer_number", "missing", "rejected", "", None),
    }


def test_missing_values_are_counted_before_and_after(loaded: Crm) -> None:
    figures = {one.field: one for one in loaded.quality.fields()}
    email, year = figures["email"], figures["birth_year"]
    assert (email.rows, email.kept, email.missing_before, email.missing_after) == (4, 3, 2, 2)
    assert (year.missing_before, year.missing_after, year.actions) == (2, 2, {"dropped": 1})


def test_personal_values_are_masked_unless_somebody_asks_whose_name_is_noted(loaded: Crm) -> None:
    (repaired,) = loaded.quality.issues(action="repaired")
    assert (repaired.before, repaired.after) == ("A*** L***", "A*** L***")
    loaded.quality.issues(actor=SYSTEM)
    assert "quality_log_read" in values(loaded, tables.access_log.c.action)


def test_a_repair_is_taken_back_once(loaded: Crm) -> None:
    (repaired,) = loaded.quality.issues(action="repaired")
    loaded.quality.undo(repaired.id)
    customer_id = loaded.customers.by_number("C1")
    assert loaded.customers.get(customer_id, actor=SYSTEM, unmask=True).name == "Ann  Lee"
    with pytest.raises(Conflict, match="already"):
        loaded.quality.undo(repaired.id)
    assert not any(one.actions.get("repaired") for one in loaded.quality.fields())


def test_a_value_left_out_is_put_back(loaded: Crm) -> None:
    (dropped,) = loaded.quality.issues(field="birth_year")
    loaded.quality.undo(dropped.id)
    assert 1830 in values(loaded, tables.customers.c.birth_year)


def test_what_was_changed_since_is_not_overwritten(loaded: Crm, tmp_path: Path) -> None:
    (dropped,) = loaded.quality.issues(field="birth_year")
    file = tmp_path / "later.csv"
    file.write_text("customer_number,birth_year\nC2,1991\n", "utf-8")
    loaded.intake.run(file, "customers", None, "shop")
    with pytest.raises(Conflict, match="changed since"):
        loaded.quality.undo(dropped.id)


def test_a_rejected_row_is_mended_in_its_file_and_unknown_lines_are_said_to_be_so(loaded: Crm) -> None:
    (rejected,) = loaded.quality.issues(action="rejected")
    with pytest.raises(Conflict, match="mend it in the file"):
        loaded.quality.undo(rejected.id)
    with pytest.raises(IssueNotFound):
        loaded.quality.undo("01900000-0000-7000-8000-000000000000")


def test_a_title_and_a_product_are_taken_back_too(any_crm: Crm, tmp_path: Path) -> None:
    for name, kind, text in (
        ("p.csv", "products", "sku,title_en,price\nMUG,Blue  mug,$5\n"),
        ("o.csv", "orders", "number,placed_at,sku,title,quantity,unit_price\n1,2026-01-01,MUG,A  mug,1,5\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        any_crm.intake.run(tmp_path / name, kind, None, "shop")
    for one in any_crm.quality.issues():
        if one.check == "text_mended":
            any_crm.quality.undo(one.id)
        else:
            with pytest.raises(InvalidInput, match="means the same"):
                any_crm.quality.undo(one.id)
    assert one_value(any_crm, tables.products.c.title_en) == "Blue  mug"
    assert one_value(any_crm, tables.order_items.c.title) == "A  mug"


def test_unusual_amounts_are_flagged_and_kept(crm: Crm, tmp_path: Path) -> None:
    lines = [f"P{n},Thing,{4 + n % 5}.00" for n in range(300)]
    (tmp_path / "p.csv").write_text("\n".join(["sku,title_en,price", *lines, "P999,Yacht,900000.00"]), "utf-8")
    crm.intake.run(tmp_path / "p.csv", "products", None, "shop")
    (flagged,) = crm.quality.issues()
    assert (flagged.line, flagged.field, flagged.action, flagged.after) == (302, "price", "flagged", "90000000")
    assert 90000000 in values(crm, tables.products.c.price_minor)
    crm.quality.undo(flagged.id)
    assert not any(one.actions for one in crm.quality.fields())


def test_the_same_file_again_adds_nothing_to_the_log_nor_to_the_rows_kept(loaded: Crm, tmp_path: Path) -> None:
    before = loaded.quality.issues(), loaded.quality.fields()
    loaded.intake.run(tmp_path / "c.csv", "customers", None, "shop")
    assert (loaded.quality.issues(), loaded.quality.fields()) == before


def test_the_page_draws_every_field_in_both_languages(loaded: Crm) -> None:
    for language in ("en", "zh"):
        drawn = page(loaded.quality.fields(), loaded.quality.sources(), language)
        assert drawn.count("<svg") >= 2
        assert "birth_year" in drawn
        assert "quality-" not in drawn.replace('class="', "")


def test_what_was_said_of_an_erased_customer_cannot_be_read(loaded: Crm) -> None:
    customer_id = loaded.customers.by_number("C1")
    loaded.privacy.erase(customer_id, actor=SYSTEM)
    (repaired,) = loaded.quality.issues(action="repaired", actor=SYSTEM)
    assert (repaired.before, repaired.after) == (None, None)
