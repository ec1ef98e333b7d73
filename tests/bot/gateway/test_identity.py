"""Who a customer is: only by the shop's signature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from bot.gateway.visitors import Tokens, sign_customer
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.settings import Settings
from tests.bot.gateway.fakes import Gateway


@pytest.fixture
def customer(crm: Crm) -> str:
    return crm.customers.create(source="shop", name="Ada", customer_number="C1")


def signed(secret: str, **claims: object) -> str:
    standard = {"aud": "rapport", "sub": "C1", "exp": datetime.now(UTC) + timedelta(hours=1)}
    return jwt.encode({key: value for key, value in (standard | claims).items() if value is not None}, secret, "HS256")


async def test_a_signed_customers_conversation_is_theirs(
    gateway: Gateway, crm: Crm, settings: Settings, customer: str
) -> None:
    async with gateway.tab(customer_token=sign_customer(settings, "C1")) as page:
        await page.write("hi")
        await page.said_by_bot("You said: hi")
    conversation = crm.conversations.recent()[0]
    assert (conversation.customer_id, conversation.verified) == (customer, True)


async def test_who_signs_in_while_chatting_takes_the_conversation_along(
    gateway: Gateway, crm: Crm, settings: Settings, customer: str
) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page:
        await page.write("hi")
        await page.said_by_bot("You said: hi")
    async with gateway.tab(token, customer_token=sign_customer(settings, "C1")) as page:
        await page.said_by_bot("You said: hi")
    assert [(one.customer_id, one.verified) for one in crm.conversations.recent()] == [(customer, True)]


@pytest.mark.parametrize("next_one", [None, "C2"])
async def test_the_next_person_at_the_browser_sees_nothing_of_the_last_one(
    gateway: Gateway, crm: Crm, settings: Settings, customer: str, next_one: str | None
) -> None:
    crm.customers.create(source="shop", customer_number="C2")
    token = await gateway.token()
    async with gateway.tab(token, customer_token=sign_customer(settings, "C1")) as page:
        await page.write("hi")
        await page.said_by_bot("You said: hi")
    hello = {"customer_token": sign_customer(settings, next_one)} if next_one else {}
    async with gateway.tab(token, **hello) as page:
        assert (await page.next("error"))["code"] == "customer_changed"
        assert await page.close_code() == 4409
        assert page.messages() == []


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": datetime.now(UTC) - timedelta(minutes=1)},
        {"exp": datetime.now(UTC) + timedelta(days=3)},
        {"exp": None},
        {"aud": "visitor"},
        {"sub": None},
    ],
    ids=["expired", "valid too long", "never expires", "for something else", "names nobody"],
)
def test_a_customer_token_must_be_exactly_right(settings: Settings, claims: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        Tokens(settings).customer_number(signed(settings.shop_secret.get_secret_value(), **claims))


def test_a_token_without_a_signature_is_nothing(settings: Settings) -> None:
    unsigned = jwt.encode({"aud": "rapport", "sub": "C1", "exp": 9_999_999_999}, None, "none")
    with pytest.raises(NotAllowed):
        Tokens(settings).customer_number(unsigned)


async def test_a_forged_customer_token_is_refused(gateway: Gateway, crm: Crm, customer: str) -> None:
    async with gateway.tab(customer_token=signed("another secret of some length, for the library")) as page:
        assert (await page.next("error"))["code"] == "customer_token_invalid"
        assert await page.close_code() == 4403
    assert crm.conversations.recent() == []


async def test_a_customer_whom_only_the_shop_knows_is_met(gateway: Gateway, crm: Crm, settings: Settings) -> None:
    async with gateway.tab(customer_token=sign_customer(settings, "NEW9")) as page:
        await page.write("hi")
        await page.said_by_bot("You said: hi")
    assert crm.conversations.recent()[0].customer_id == crm.customers.by_number("NEW9")


async def test_a_program_that_shows_no_token_cannot_go_on_in_a_customers_conversation(
    gateway: Gateway, settings: Settings, customer: str
) -> None:
    hook = "/webhooks/rest/webhook"
    metadata = {"customer_token": sign_customer(settings, "C1")}
    first = await gateway.http.post(hook, json={"sender": "p1", "message": "hi", "metadata": metadata})
    assert first.status_code == 200
    second = await gateway.http.post(hook, json={"sender": "p1", "message": "my orders"})
    assert second.status_code == 403
    assert second.json()["error"]["code"] == "not_allowed"


async def test_a_program_that_was_let_in_before_the_customer_came_is_not_taken_for_them(
    gateway: Gateway, crm: Crm, settings: Settings, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = "/webhooks/rest/webhook"
    metadata = {"customer_token": sign_customer(settings, "C1")}
    await gateway.http.post(hook, json={"sender": "p1", "message": "hi", "metadata": metadata})
    monkeypatch.setattr(crm.conversations, "current", lambda *_: None)  # as it was a moment earlier
    late = await gateway.http.post(hook, json={"sender": "p1", "message": "my orders"})
    assert (late.status_code, late.json()["error"]["code"]) == (403, "not_allowed")
    assert len(crm.conversations.messages(crm.conversations.recent()[0].id)) == 2
