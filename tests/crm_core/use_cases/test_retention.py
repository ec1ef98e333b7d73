"""What nobody needs any more is deleted by itself, and nothing else."""

from __future__ import annotations

import os

import pytest

from crm_core.crm import Crm
from crm_core.errors import AttachmentNotFound
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import begun

PDF = b"%PDF-1.7 the customer's invoice"


def test_a_file_that_was_never_sent_goes_and_one_that_was_stays(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "hello")
    sent, unsent = (any_crm.attachments.keep(talk, f"{name}.pdf", PDF) for name in ("sent", "unsent"))
    any_crm.conversations.accept(talk, {"text": "", "attachment": sent.described})
    clock.advance(hours=23)
    assert any_crm.retention.unsent_files() == 0
    clock.advance(hours=2)
    assert any_crm.retention.unsent_files() == 1
    assert any_crm.attachments.open(sent.id)[1] == PDF
    with pytest.raises(AttachmentNotFound):
        any_crm.attachments.get(unsent.id)
    assert [path.name for path in (any_crm.settings.home / "attachments").iterdir()] == [sent.id]


def test_files_that_no_row_knows_go_when_they_are_old(crm: Crm, clock: FakeClock) -> None:
    folder = crm.settings.home / "attachments"
    folder.mkdir()
    old, fresh = folder / ".half-written", folder / "0192f0c1-2345-7abc-8def-0123456789ab"
    for path, age in ((old, 48), (fresh, 1)):
        path.write_bytes(b"x")
        moment = clock.now.timestamp() - age * 3600
        os.utime(path, (moment, moment))
    assert crm.retention.unsent_files() == 1
    assert not old.exists()
    assert fresh.exists()
