"""The demo shop's pages."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from bot.gateway.app import create_app
from bot.shop.illustrations import draw
from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.settings import Settings
from crm_core.storage.tables import products
from tests.bot.gateway.fakes import FakeAssistant

PRODUCTS = Path("data/demo/products.csv")


def add_product(crm: Crm, sku: str, **values: object) -> None:
    """Put a product on sale."""
    standard = {
        **{
            "id": new_id(),
            "sku": sku,
            "title_en": "Enamel Mug, red",
            "title_zh": "搪瓷杯（红色）",
            "category": "kitchen",
        },
        **{"description_en": "Keeps tea hot.", "description_zh": "保温。", "attributes": {"colour": "red"}},
        **{"price_minor": 990, "currency": "USD", "stock": 3, "image": None, "active": True},
    }
    with crm.database.writing() as connection:
        connection.execute(products.insert().values(**standard | values, updated_at=crm._context.clock()))


@pytest.fixture
async def browser(settings: Settings, crm: Crm) -> AsyncIterator[httpx.AsyncClient]:
    add_product(crm, "KI1")
    crm.customers.create(source="demo", name="Sophia Young", customer_number="C10001")
    app = create_app(settings, crm=crm, assistant=FakeAssistant(), pages=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop", follow_redirects=True) as client,
    ):
        yield client


async def test_the_front_page_shows_products_and_the_chat(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    assert "Enamel Mug, red" in page
    assert "$9.90" in page
    assert '<script type="module" src="/widget/rapport-chat.js"></script>' in page
    assert '<rapport-chat language="en"></rapport-chat>' in page


async def test_the_language_is_switched_and_remembered(browser: httpx.AsyncClient) -> None:
    assert "搪瓷杯（红色）" in (await browser.get("/?language=zh")).text
    assert "仅剩 3 件" in (await browser.get("/products/KI1")).text


async def test_the_browsers_language_is_the_first_choice(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})).text
    assert '<rapport-chat language="zh"></rapport-chat>' in page


async def test_who_signs_in_is_vouched_for_to_the_chat_and_followed(browser: httpx.AsyncClient, crm: Crm) -> None:
    page = (await browser.post("/demo/sign-in", data={"number": "C10001"})).text
    assert "Hello, Sophia Young" in page
    assert 'customer-token="ey' in page
    await browser.get("/products/KI1")
    await browser.post("/basket", data={"sku": "KI1"})
    customer_id = crm.customers.by_number("C10001")
    assert customer_id is not None
    assert {one.name for one in crm.customers.history(customer_id)} == {"Product Viewed", "Product Added"}
    assert "customer-token" not in (await browser.post("/demo/sign-out")).text


async def test_nobody_signs_in_as_somebody_whom_the_page_does_not_offer(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/demo/sign-in", data={"number": "C19999"})).status_code == 403


async def test_nobody_signs_in_as_a_real_shops_customer_who_has_a_demo_customers_number(
    browser: httpx.AsyncClient, crm: Crm
) -> None:
    crm.customers.create(source="our-shop", name="Rita Real", customer_number="C10005")
    answer = await browser.post("/demo/sign-in", data={"number": "C10005"})
    assert answer.status_code == 403
    assert "shop_customer" not in browser.cookies
    assert (await browser.post("/demo/sign-in", data={"number": "C10421"})).status_code == 403  # nobody has loaded it


async def test_a_forged_cookie_is_nobody(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("shop_customer", "forged")
    assert "Sign in as a demo customer" in (await browser.get("/")).text


async def test_a_basket_that_somebody_tampered_with_is_empty(browser: httpx.AsyncClient) -> None:
    browser.headers["cookie"] = b"shop_basket=KI1.\xb2-KI1.x-.1-<b>.1".decode("latin-1")  # type: ignore[assignment]
    assert "Your basket is empty." in (await browser.get("/basket")).text


async def test_the_basket_counts_adds_up_and_forgets(browser: httpx.AsyncClient) -> None:
    for _ in range(2):
        page = (await browser.post("/basket", data={"sku": "KI1"})).text
    assert "$19.80" in page
    assert "Your basket is empty." in (await browser.post("/basket", data={"sku": "KI1", "pieces": 0})).text


async def test_the_chats_basket_button_is_answered_with_the_count(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/basket?from=chat", data={"sku": "KI1"})).json() == {"pieces": 1}


@pytest.mark.parametrize("cookie", ["KI1.0", "KI1.-4", "KI1.9999999999", "<script>.1", "x" * 4000])
async def test_a_basket_that_somebody_wrote_by_hand_harms_nothing(browser: httpx.AsyncClient, cookie: str) -> None:
    browser.cookies.set("shop_basket", cookie)
    assert "Your basket is empty." in (await browser.get("/basket")).text


async def test_what_is_searched_for_is_shown_as_text(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/", params={"q": "<script>alert(1)</script>"})).text
    assert "<script>alert" not in page


async def test_a_product_that_is_gone_is_said_to_be(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/products/NONE")
    assert page.status_code == 404
    assert "not here any more" in page.text


async def test_orders_are_shown_to_their_owner_only(browser: httpx.AsyncClient) -> None:
    assert "My orders" not in (await browser.get("/orders")).text
    await browser.post("/demo/sign-in", data={"number": "C10001"})
    assert "There are no orders yet." in (await browser.get("/orders")).text


async def test_without_the_demo_there_is_no_shop(settings: Settings, crm: Crm) -> None:
    app = create_app(settings.model_copy(update={"demo": False}), crm=crm, assistant=FakeAssistant(), pages=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
        assert (await client.get("/")).headers["location"] == "/desk"
        assert (await client.post("/demo/sign-in", data={"number": "C10001"})).status_code == 404


async def test_a_product_has_a_picture(browser: httpx.AsyncClient) -> None:
    picture = await browser.get("/shop/images/KI1.svg")
    assert picture.headers["content-type"] == "image/svg+xml"


def test_every_demo_product_has_a_drawing_of_its_own_kind() -> None:
    with PRODUCTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn = [draw(row["title_en"], row["category"], json.loads(row["attributes"]).get("colour")) for row in rows]
    for svg in drawn:
        ElementTree.fromstring(svg)
    assert len(set(drawn)) > 120
