"""Who is signed in, while the socket is open: the shop's word is looked at again and again."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from bot.gateway import chat
from bot.gateway.visitors import CUSTOMER_AUDIENCE, sign_customer
from crm_core.clock import now
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.bot.gateway.fakes import Gateway


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_TICK_SECONDS", 0.05)


def short_lived(settings: Settings, seconds: float) -> str:
    """Sign a customer for a moment."""
    claims = {"aud": CUSTOMER_AUDIENCE, "sub": "C1", "exp": (now() + timedelta(seconds=seconds)).timestamp()}
    return jwt.encode(claims, settings.shop_secret.get_secret_value(), "HS256")


async def test_an_open_line_ends_with_the_customers_token(gateway: Gateway, settings: Settings) -> None:
    async with gateway.tab(customer_token=short_lived(settings, 0.3)) as page:
        await page.next("welcome")
        assert (await page.next("error"))["code"] == "customer_token_invalid"
        assert await page.close_code() == 4403


async def test_nothing_is_taken_from_a_customer_whose_token_has_run_out(
    gateway: Gateway, settings: Settings, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "_TICK_SECONDS", 60)
    async with gateway.tab(customer_token=sign_customer(settings, "C1")) as page:
        await page.next("welcome")
        later = now() + timedelta(days=1)
        monkeypatch.setattr(gateway.app.state.services.tokens, "_clock", lambda: later)
        await page.write("cancel my order")
        assert (await page.next("error"))["code"] == "customer_token_invalid"
    assert crm.conversations.recent() == []


async def test_a_tab_without_sign_in_no_longer_reads_along_once_another_tab_has_signed_in(
    gateway: Gateway, settings: Settings
) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as stranger:
        await stranger.write("Hello")
        await stranger.said_by_bot("You said: Hello")
        async with gateway.tab(token, customer_token=sign_customer(settings, "C1")) as customer:
            await customer.said_by_bot("You said: Hello")
            assert (await stranger.next("error"))["code"] == "customer_changed"
            assert await stranger.close_code() == 4409
            await customer.write("my orders")
            await customer.said_by_bot("You said: my orders")
    assert all(event["body"]["text"] != "my orders" for event in stranger.messages())
