"""People get all that is known about them, and can be forgotten for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import CustomerNotFound, InvalidInput, NotAllowed, OrderNotFound
from crm_core.records.people import SYSTEM, Actor
from crm_core.storage import tables
from tests.small_shop import EMAIL, PHONE, SmallShop

MANAGER = Actor("m1", "manager")
NOBODY = "018f0000-0000-7000-8000-00000000dead"


@pytest.fixture
def shop(any_crm: Crm) -> SmallShop:
    return SmallShop(any_crm)


@pytest.fixture
def anna(shop: SmallShop) -> str:
    """A customer who has ordered, talked, rated and asked for things."""
    anna = shop.customer()
    shop.order(customer=anna)
    talk = shop.signed_in(anna)
    shop.crm.conversations.accept(talk, {"text": "I am Anna and I live in Oslo"})
    shop.crm.conversations.rate(talk, 5, "Oslo says thanks")
    shop.crm.orders.change_address(talk, "RP100234", address="5 Park Lane, Boston MA 02110")
    shop.crm.customers.track(anna, "Product Viewed", channel="web", source="test", properties={"page": "lamp"})
    return anna


def everything(crm: Crm) -> Iterator[str]:
    with crm.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                yield f"{table.name}: {row}"


def test_an_export_holds_everything_in_clear_and_can_be_written_as_json(shop, anna):
    found = json.loads(json.dumps(shop.crm.privacy.export(anna, actor=MANAGER)))
    assert found["profile"][0]["name"] == "Anna Berg"
    assert {EMAIL, "+12025550143", "C10001"} <= {row["value"] for row in found["identities"]}
    assert found["orders"][0]["address"] == "5 Park Lane, Boston MA 02110"
    assert [row["title"] for row in found["order_items"]] == ["Bamboo Desk Lamp", "Linen Shirt"]
    assert found["messages"][0]["body"] == {"text": "I am Anna and I live in Oslo"}
    assert found["ratings"][0]["comment"] == "Oslo says thanks"
    assert found["order_requests"][0]["detail"] == {"address": "5 Park Lane, Boston MA 02110"}
    assert found["interactions"][0]["properties"] == {"page": "lamp"}


def test_an_export_holds_nothing_of_anybody_else(shop, anna):
    other = shop.customer("C10002", "li@example.cn", None)
    shop.order("RP100900", customer=other)
    assert "RP100900" not in json.dumps(shop.crm.privacy.export(anna, actor=MANAGER))
    assert "RP100234" not in json.dumps(shop.crm.privacy.export(other, actor=MANAGER))


def test_every_table_with_a_customer_is_part_of_the_export(shop, anna):
    from crm_core.storage.personal_data import _PARTS

    of_people = {table.name for table in tables.metadata.sorted_tables if "customer_id" in table.c}
    assert of_people <= {part.table.name for part in _PARTS.values()}


def test_after_erasure_nothing_tells_who_it_was(shop, anna, settings):
    shop.crm.privacy.erase(anna, actor=MANAGER)
    left = "\n".join(everything(shop.crm))
    for value in ("Anna", "Berg", EMAIL, "2025550143", "Oslo", "Park Lane", "C10001"):
        assert value not in left
    assert shop.crm.customers.find("email", EMAIL) is None
    assert shop.crm.customers.find("phone", PHONE) is None
    with pytest.raises(OrderNotFound):
        shop.crm.orders.find(shop.guest("visitor-9"), "RP100234", contact=EMAIL)
    exported = shop.crm.privacy.export(anna, actor=MANAGER)
    assert exported["identities"] == []
    assert "Oslo" not in json.dumps(exported)
    assert Path(settings.home).exists()


def test_erasure_forgets_that_somebody_tried_the_contact(shop, anna):
    with pytest.raises(OrderNotFound):
        shop.crm.orders.find(shop.guest(), "RP999999", contact=EMAIL)
    index = shop.crm._context.keys.vault.blind_index("email", EMAIL)
    assert any(index in line for line in everything(shop.crm) if line.startswith("lookup_failures"))
    shop.crm.privacy.erase(anna, actor=MANAGER)
    assert not any(line.startswith("lookup_failures") for line in everything(shop.crm))


def test_erasure_leaves_the_order_for_the_books_and_others_alone(shop, anna):
    other = shop.customer("C10002", "li@example.cn", None)
    shop.order("RP100900", customer=other)
    shop.crm.privacy.erase(anna, actor=MANAGER)
    assert [order.number for order in shop.crm.orders.of_customer(anna)] == ["RP100234"]
    assert shop.crm.orders.find(shop.guest("visitor-9"), "RP100900", contact="li@example.cn").number == "RP100900"


def test_erasing_twice_is_no_harm(shop, anna):
    shop.crm.privacy.erase(anna, actor=MANAGER)
    shop.crm.privacy.erase(anna, actor=MANAGER)
    assert shop.crm.customers.get(anna, actor=SYSTEM).status == "erased"


def test_a_wish_is_written_down_once_and_done_by_the_deed(shop, anna):
    first, again = (shop.crm.privacy.request(anna, "erase") for _ in range(2))
    assert first == again
    assert [(wish.kind, wish.reference) for wish in shop.crm.privacy.pending()] == [("erase", first)]
    shop.crm.privacy.erase(anna, actor=MANAGER)
    assert shop.crm.privacy.pending() == []


def test_an_export_does_not_close_a_wish_to_be_erased(shop, anna):
    shop.crm.privacy.request(anna, "erase")
    shop.crm.privacy.request(anna, "export")
    shop.crm.privacy.export(anna, actor=MANAGER)
    assert [wish.kind for wish in shop.crm.privacy.pending()] == ["erase"]


def test_both_deeds_are_in_the_access_log(shop, anna):
    shop.crm.privacy.export(anna, actor=MANAGER)
    shop.crm.privacy.erase(anna, actor=MANAGER)
    entries = shop.crm.staff.accesses(anna, actor=MANAGER)
    assert [entry.action for entry in entries] == ["customer_erased", "customer_exported"]
    assert shop.crm.staff.verify_access_log().intact


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_an_agent_and_another_customer_may_not(shop, anna, deed):
    for actor in (Actor("a1", "agent"), Actor("somebody", "customer")):
        with pytest.raises(NotAllowed):
            getattr(shop.crm.privacy, deed)(anna, actor=actor)


def test_somebody_unknown_is_said_so(shop):
    with pytest.raises(CustomerNotFound):
        shop.crm.privacy.request(NOBODY, "export")
    with pytest.raises(InvalidInput):
        shop.crm.privacy.request(NOBODY, "sell")
