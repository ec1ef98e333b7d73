"""What every answer of the gateway has: safe headers, errors in one shape, figures for operators."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway


async def test_the_process_says_that_it_lives(gateway: Gateway) -> None:
    assert (await gateway.http.get("/healthz")).json()["status"] == "ok"


async def test_readiness_names_the_part_that_is_away(gateway: Gateway, assistant: FakeAssistant) -> None:
    ready = await gateway.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "database": "ok", "assistant": "ok"})
    assistant.away = True
    away = await gateway.http.get("/readyz")
    assert (away.status_code, away.json()["assistant"]) == (503, "unavailable")


async def test_messages_and_turns_are_counted(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.write("hi")
        await page.said_by_bot("You said: hi")
        await page.write("")
        await page.next("refused")
    figures = (await gateway.http.get("/metrics")).text
    assert 'rapport_messages_accepted_total{channel="web"} 1.0' in figures
    assert 'rapport_turns_total{end="answered"} 1.0' in figures
    assert 'rapport_messages_refused_total{channel="web",code="empty"} 1.0' in figures


@pytest.mark.parametrize("path", ["/healthz", "/", "/widget/rapport-chat.js", "/nothing"])
async def test_every_answer_has_the_security_headers(gateway: Gateway, path: str) -> None:
    headers = (await gateway.http.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "script-src 'self';" in headers["content-security-policy"]


async def test_staff_pages_may_not_be_framed(gateway: Gateway) -> None:
    headers = (await gateway.http.get("/desk")).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_the_widget_may_be_fetched_from_the_shops_own_pages(gateway: Gateway) -> None:
    origin = {"Origin": "https://shop.example.com"}
    answer = await gateway.http.get("/widget/rapport-chat.js", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    preflight = await gateway.http.options("/chat/session", headers=origin)
    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in (await gateway.http.get("/basket", headers=origin)).headers


async def test_the_widget_is_compressed_and_not_sent_again_unchanged(gateway: Gateway) -> None:
    answer = await gateway.http.get("/widget/talk.js")
    assert answer.headers["content-encoding"] == "gzip"
    again = await gateway.http.get("/widget/talk.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/widget/../gateway/app.py", "/widget/%2e%2e/gateway/app.py", "/widget/nothing.js"])
async def test_only_the_widgets_files_are_served(gateway: Gateway, path: str) -> None:
    assert (await gateway.http.get(path)).status_code == 404


async def test_the_widget_is_light(gateway: Gateway) -> None:
    from bot.gateway.app import WIDGET

    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in WIDGET.rglob("*.js")}
    assert sizes["rapport-chat.js"] + sizes["store.js"] <= 5 * 1024
    assert sum(sizes.values()) <= 30 * 1024


async def test_an_unreachable_database_is_told_without_its_address(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> object:
        raise StorageUnavailable("postgresql database: could not connect to secret-host:5432")

    monkeypatch.setattr(crm.conversations, "current", away)
    answer = await gateway.http.post("/webhooks/rest/webhook", json={"sender": "p1", "message": "hi"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "secret-host" not in answer.text


async def test_a_request_that_is_far_too_large_is_not_read(gateway: Gateway) -> None:
    answer = await gateway.http.post("/webhooks/rest/webhook", content=b"x" * 1_500_000)
    assert answer.status_code == 413


async def test_a_request_in_pieces_is_cut_off_where_it_gets_too_large(gateway: Gateway) -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 100_000
            yield b"x" * 100_000

    headers = {"Content-Type": "application/json"}
    answer = await gateway.http.post("/webhooks/rest/webhook", content=pieces(), headers=headers)
    assert answer.status_code == 413
    assert read <= 1_200_000


async def test_what_is_no_json_is_refused_by_field(gateway: Gateway) -> None:
    answer = await gateway.http.post(
        "/webhooks/rest/webhook", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_input"


async def test_one_address_may_not_make_visitors_without_end(gateway: Gateway, settings: Settings) -> None:
    answers = [await gateway.http.post("/chat/session", json={}) for _ in range(settings.messages_per_minute + 1)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert answers[-1].json()["error"]["code"] == "too_many"
