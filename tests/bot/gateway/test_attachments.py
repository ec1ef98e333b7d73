"""Files from the chat: checked by their bytes, given back to their visitor only."""

from __future__ import annotations

import httpx
import pytest

from bot.gateway.visitors import sign_customer
from crm_core.conversations.attachments import MAX_BYTES
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway

PNG = b"\x89PNG\r\n\x1a\n and the picture"
PATH = "/chat/attachments"


async def upload(gateway: Gateway, token: str, content: bytes = PNG, customer: str = "") -> httpx.Response:
    """Send a file as the widget does."""
    headers = {"Authorization": f"Bearer {token}"} | ({"X-Customer-Token": customer} if customer else {})
    return await gateway.http.post(PATH, params={"name": "a photo.png"}, content=content, headers=headers)


async def fetch(gateway: Gateway, token: str, attachment_id: str, customer: str = "") -> httpx.Response:
    """Ask for a file."""
    headers = {"Authorization": f"Bearer {token}"} | ({"X-Customer-Token": customer} if customer else {})
    return await gateway.http.get(f"{PATH}/{attachment_id}", headers=headers)


async def test_a_file_is_sent_shown_in_the_log_and_given_back(gateway: Gateway, assistant: FakeAssistant) -> None:
    token = await gateway.token()
    sent = (await upload(gateway, token)).json()
    async with gateway.tab(token) as page:
        await page.send(type="message", id="1", text="", attachment=sent["id"])
        said = await page.next("message", author="customer")
        assert said["body"] == {"text": "", "attachment": sent}
        answer = await page.next("message", author="bot")
        assert "colleague" in answer["body"]["text"]
    assert assistant.heard == [], "a file without words is nothing that the assistant could read"
    given = await fetch(gateway, token, sent["id"])
    assert (given.content, given.headers["content-type"]) == (PNG, "image/png")
    assert given.headers["content-disposition"] == "inline; filename*=UTF-8''a%20photo.png"
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_a_file_with_words_is_answered_by_the_words(gateway: Gateway) -> None:
    token = await gateway.token()
    sent = (await upload(gateway, token)).json()
    async with gateway.tab(token) as page:
        await page.send(type="message", id="1", text="Is this yours?", attachment=sent["id"])
        await page.said_by_bot("You said: Is this yours?")


async def test_nobody_else_gets_it_or_sends_it(gateway: Gateway) -> None:
    token, stranger = await gateway.token(), await gateway.token()
    sent = (await upload(gateway, token)).json()
    assert (await fetch(gateway, stranger, sent["id"])).status_code == 404
    assert (await fetch(gateway, "", sent["id"])).status_code == 403
    assert (await gateway.http.get(f"{PATH}/{sent['id']}")).status_code == 403
    async with gateway.tab(stranger) as page:
        await page.send(type="message", id="1", text="look", attachment=sent["id"])
        assert (await page.next("refused"))["code"] == "attachment_gone"


async def test_a_signed_in_customers_file_needs_the_sign_in(gateway: Gateway, settings: Settings) -> None:
    token, customer = await gateway.token(), sign_customer(settings, "C1")
    sent = (await upload(gateway, token, customer=customer)).json()
    assert (await fetch(gateway, token, sent["id"])).status_code == 404
    assert (await fetch(gateway, token, sent["id"], customer)).content == PNG
    assert (await upload(gateway, token)).status_code == 403


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"MZ\x90\x00"])
async def test_what_is_neither_picture_nor_pdf_is_refused(gateway: Gateway, content: bytes) -> None:
    refused = await upload(gateway, await gateway.token(), content)
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "attachment")


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(gateway: Gateway) -> None:
    assert (await upload(gateway, await gateway.token(), PNG + bytes(MAX_BYTES))).status_code == 413


async def test_who_sends_too_many_files_has_to_wait(gateway: Gateway) -> None:
    token = await gateway.token()
    codes = [(await upload(gateway, token)).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


async def test_an_erased_file_is_not_found(gateway: Gateway, crm: Crm) -> None:
    token = await gateway.token()
    sent = (await upload(gateway, token)).json()
    (file,) = (crm.settings.home / "attachments").iterdir()
    file.unlink()
    assert (await fetch(gateway, token, sent["id"])).status_code == 404
