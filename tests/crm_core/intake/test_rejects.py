"""The file of rejected rows is safe to open in a spreadsheet, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.intake.entities import ENTITIES
from crm_core.intake.rejects import safe_cell
from crm_core.intake.sources import _strings
from crm_core.intake.wording import words
from crm_core.language import LANGUAGES
from crm_core.phrases import crm_phrases


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+1,200.50", "plain", "", "3 - 2", "'quoted'"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_the_quote_is_taken_off_when_the_mended_file_is_read(text: str) -> None:
    if not text.startswith("'"):
        assert _strings([safe_cell(text)], mended=True)[0] == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_repair_can_be_told(language: str) -> None:
    for entity in ENTITIES.values():
        for field in entity.fields.values():
            assert field.name in words(language, "repaired", f"{field.name}_dropped")
            assert words(language, "repaired", f"{field.kind}_mended")


def test_both_languages_tell_the_same_reasons() -> None:
    told = [{key for key in crm_phrases.keys(language) if key.startswith("intake-")} for language in LANGUAGES]
    assert told[0] == told[1]
