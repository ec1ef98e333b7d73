"""What people may ask about their data is carried out by three commands."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import commands, privacy
from crm_core.crm import Crm
from crm_core.errors import AssistantUnavailable, CustomerNotFound
from crm_core.settings import Settings


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
            paths.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Assistant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    use(crm, monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield paths
    server.shutdown()
    server.server_close()


def use(crm: Crm, monkeypatch: pytest.MonkeyPatch, assistant: str) -> None:
    """Let the commands work on this test's installation."""
    settings = crm.settings.model_copy(update={"assistant_url": assistant})
    monkeypatch.setattr(Settings, "load", lambda **_: settings)


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


def test_nothing_is_erased_while_the_assistant_is_away(
    crm: Crm, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(crm, monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(AssistantUnavailable, match="nothing was erased"):
        privacy.erase("mia@example.com", yes=True)
    assert crm.customers.find("email", "mia@example.com") == customer


def test_somebody_who_is_not_known_is_said_so(crm: Crm, customer: str, forgotten: list[str]) -> None:
    with pytest.raises(CustomerNotFound):
        privacy.erase("nobody at all", yes=True)


def test_waiting_requests_are_listed(crm: Crm, customer: str, forgotten: list[str]) -> None:
    import typer

    app = typer.Typer()
    commands.register(app)
    (request,) = crm.privacy.pending()
    assert request.reference in CliRunner().invoke(app, ["requests"]).output
