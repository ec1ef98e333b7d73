"""What people may ask about their data is carried out by three commands."""

from __future__ import annotations

import json
import stat
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import commands, privacy
from crm_core.crm import Crm
from crm_core.errors import CustomerNotFound, InvalidInput
from crm_core.settings import Settings

REFUSED: set[str] = set()  # conversations that the stand-in will not forget


@pytest.fixture
def customer(crm: Crm) -> str:
    """A customer who has talked to us and asked to be erased."""
    customer_id = crm.customers.create(source="test", email="mia@example.com", name="Mia Moss")
    talk = crm.conversations.open("web", "visitor", customer_id=customer_id, verified=True)
    crm.conversations.accept(talk.id, {"text": "delete everything"})
    crm.privacy.request(customer_id, "erase", talk.id)
    return customer_id


@pytest.fixture
def forgotten(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A stand-in for the assistant; gives the paths that it was told to forget."""
    paths: list[str] = []

    class Assistant(BaseHTTPRequestHandler):
        def do_DELETE(self) -> None:
            refused = self.path.endswith(tuple(REFUSED))
            if not refused:
                paths.append(self.path)
            self.send_response(503 if refused else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Assistant)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    use(crm, monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield paths
    REFUSED.clear()
    server.shutdown()
    server.server_close()


def use(crm: Crm, monkeypatch: pytest.MonkeyPatch, assistant: str) -> None:
    """Let the commands work on this test's installation."""
    settings = crm.settings.model_copy(update={"assistant_url": assistant})
    monkeypatch.setattr(Settings, "load", lambda **_: settings)


def run(*arguments: object, typed: str | None = None) -> Result:
    """Run `rapport` with some words and give how it ended."""
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


def test_an_export_holds_what_is_known_and_only_its_owner_may_read_it(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    target = tmp_path / "mia.json"
    privacy.export("mia@example.com", target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "Mia Moss" in target.read_text("utf-8")
    assert json.loads(target.read_text("utf-8"))


def test_an_erased_person_is_found_no_more_and_the_assistant_forgets(
    crm: Crm, customer: str, forgotten: list[str]
) -> None:
    (request,) = crm.privacy.pending()
    (talk,) = crm.conversations.of_customer(customer)
    privacy.erase(request.reference, yes=True)
    assert forgotten == [f"/webhooks/gateway/conversations/{talk.id}"]
    assert crm.customers.find("email", "mia@example.com") is None
    assert crm.privacy.pending() == []


def test_while_the_assistant_is_away_nothing_is_erased_and_every_conversation_is_named(
    crm: Crm, customer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crm.conversations.open("web", "another visitor", customer_id=customer, verified=True)
    use(crm, monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(typer.Exit) as end:
        privacy.erase("mia@example.com", yes=True)
    assert end.value.exit_code == 1
    said = capsys.readouterr().err
    talks = crm.conversations.of_customer(customer)
    assert len(talks) == 2
    assert all(talk.id in said for talk in talks)
    assert crm.customers.find("email", "mia@example.com") == customer
    assert len(crm.privacy.pending()) == 1


def test_one_refused_conversation_is_the_only_one_named_and_the_next_run_finishes_the_job(
    crm: Crm, customer: str, forgotten: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    other = crm.conversations.open("web", "another visitor", customer_id=customer, verified=True)
    (first,) = [talk for talk in crm.conversations.of_customer(customer) if talk.id != other.id]
    REFUSED.add(other.id)
    with pytest.raises(typer.Exit):
        privacy.erase("mia@example.com", yes=True)
    said = capsys.readouterr().err
    assert other.id in said
    assert first.id not in said
    REFUSED.clear()
    privacy.erase("mia@example.com", yes=True)
    assert set(forgotten[-2:]) == {f"/webhooks/gateway/conversations/{talk.id}" for talk in (other, first)}
    assert crm.customers.find("email", "mia@example.com") is None
    assert crm.privacy.pending() == []


def test_nobody_is_erased_without_a_yes(crm: Crm, customer: str, forgotten: list[str]) -> None:
    answer = run("erase", "mia@example.com", typed="n\n")
    assert answer.exit_code == 1
    assert forgotten == []
    assert crm.customers.find("email", "mia@example.com") == customer


def test_who_asked_for_a_copy_is_not_erased_by_that_reference(crm: Crm, customer: str, forgotten: list[str]) -> None:
    reference = crm.privacy.request(customer, "export")
    with pytest.raises(InvalidInput, match="export"):
        privacy.erase(reference, yes=True)
    assert crm.customers.find("email", "mia@example.com") == customer


def test_an_export_closes_the_wish_for_a_copy_and_no_other(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    privacy.export(crm.privacy.request(customer, "export"), tmp_path / "mia.json")
    assert [one.kind for one in crm.privacy.pending()] == ["erase"]


def test_a_file_that_exists_stays_and_so_does_the_request(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    crm.privacy.request(customer, "export")
    target = tmp_path / "mia.json"
    target.write_text("mine", "utf-8")
    with pytest.raises(InvalidInput, match="exists already"):
        privacy.export("mia@example.com", target)
    with pytest.raises(InvalidInput, match="cannot be written"):
        privacy.export("mia@example.com", tmp_path / "nowhere" / "mia.json")
    assert target.read_text("utf-8") == "mine"
    assert "export" in [one.kind for one in crm.privacy.pending()]


def test_a_forced_export_replaces_the_file_and_closes_it_to_others(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    target = tmp_path / "mia.json"
    target.write_text("old", "utf-8")
    target.chmod(0o644)
    assert run("export", "mia@example.com", target, "--force").exit_code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text("utf-8"))
    assert [path.name for path in tmp_path.glob("*mia.json*")] == ["mia.json"]


def test_somebody_who_is_not_known_is_said_so(crm: Crm, customer: str, forgotten: list[str]) -> None:
    with pytest.raises(CustomerNotFound):
        privacy.erase("nobody at all", yes=True)


def test_waiting_requests_are_listed(crm: Crm, customer: str, forgotten: list[str]) -> None:
    (request,) = crm.privacy.pending()
    listed = run("requests").output
    assert request.reference in listed
    assert "erase" in listed
    assert "2026-03-02 09:30" in listed


def test_an_export_can_be_read_by_people_and_hides_nothing_behind_marks(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    (talk,) = crm.conversations.of_customer(customer)
    crm.conversations.accept(talk.id, {"text": "<script>alert(1)</script> & so on"})
    target = tmp_path / "mia.html"
    assert run("export", "mia@example.com", target).exit_code == 0
    page = target.read_text("utf-8")
    assert "Mia Moss" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "Everything we hold about you" in page


def test_a_bundle_holds_both_forms_and_the_files(crm: Crm, customer: str, forgotten: list[str], tmp_path: Path) -> None:
    (talk,) = crm.conversations.of_customer(customer)
    kept = crm.attachments.keep(talk.id, "lamp.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    target = tmp_path / "mia.zip"
    assert run("export", "mia@example.com", target).exit_code == 0
    with zipfile.ZipFile(target) as bundle:
        assert set(bundle.namelist()) == {"data.json", "data.html", f"files/{kept.id}-lamp.png"}
        assert json.loads(bundle.read("data.json"))["profile"][0]["name"] == "Mia Moss"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_file_of_no_known_form_is_refused_and_the_request_stays(
    crm: Crm, customer: str, forgotten: list[str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="json"):
        privacy.export("mia@example.com", tmp_path / "mia.docx")
    assert not (tmp_path / "mia.docx").exists()


def test_an_erasure_leaves_a_certificate_that_only_its_owner_reads(
    crm: Crm, customer: str, forgotten: list[str]
) -> None:
    (request,) = crm.privacy.pending()
    answer = run("erase", request.reference, "--yes")
    assert answer.exit_code == 0, answer.output
    file = crm.settings.home / "certificates" / f"{request.reference}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text("utf-8")) == crm.privacy.certificate(request.reference)
    assert "Mia" not in file.read_text("utf-8")


def test_what_is_left_is_named_and_the_command_fails(crm: Crm, customer: str, forgotten: list[str]) -> None:
    kept = crm.settings.home / "tracker.db"
    kept.write_bytes(b"SQLite format 3 ... my name is Mia Moss")
    answer = run("erase", "mia@example.com", "--yes")
    assert answer.exit_code == 1
    assert "tracker.db" in answer.output
    assert crm.customers.find("email", "mia@example.com") is None


def test_a_no_is_kept_with_its_proof_and_shown(crm: Crm, customer: str, forgotten: list[str]) -> None:
    said = run("consent", "mia@example.com", "marketing", "no", "--words", "2026-03", "--proof", "letter 17")
    assert said.exit_code == 0
    assert "letter 17" in said.output
    assert crm.customers.consents(customer) == {"marketing": False}
    assert "letter 17" in run("consent", "mia@example.com").output
    assert run("consent", "mia@example.com", "marketing", "perhaps").exit_code != 0
    assert crm.customers.consents(customer) == {"marketing": False}
