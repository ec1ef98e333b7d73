"""Orders are shown to their owners only, change while they may, and are asked about once, not twice."""

from __future__ import annotations

import json
import threading

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, NotVerified, OrderNotChangeable, OrderNotFound
from crm_core.orders.guessing import REFUSE_AFTER
from crm_core.storage.tables import interactions, lookup_failures, order_requests, orders
from tests.small_shop import EMAIL, PHONE, SmallShop


@pytest.fixture
def shop(any_crm: Crm) -> SmallShop:
    return SmallShop(any_crm)


def test_a_signed_in_customer_sees_the_orders_that_are_theirs(shop):
    anna, other = shop.customer(), shop.customer("C10002", "li@example.cn", None)
    shop.order("RP100234", customer=anna)
    shop.order("RP100900", customer=other)
    talk = shop.signed_in(anna)
    found = shop.crm.orders.find(talk, "rp-100234")
    assert (found.number, [item.title for item in found.items]) == ("RP100234", ["Bamboo Desk Lamp", "Linen Shirt"])
    assert [order.number for order in shop.crm.orders.recent(talk)] == ["RP100234"]
    with pytest.raises(OrderNotFound):
        shop.crm.orders.find(talk, "RP100900")


@pytest.mark.parametrize("contact", [EMAIL, "  Anna.Berg@Example.com ", PHONE, "(202) 555-0143"])
def test_a_guest_sees_an_order_with_the_contact_of_its_customer(shop, contact):
    shop.order(customer=shop.customer())
    assert shop.crm.orders.find(shop.guest(), "RP100234", contact=contact).number == "RP100234"


def test_a_guest_sees_an_order_with_the_contact_it_was_placed_with(shop):
    shop.order(email="guest@example.com")
    assert shop.crm.orders.find(shop.guest(), "RP100234", contact="guest@example.com").customer_id is None


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("RP100234", None),
        ("RP100234", "somebody.else@example.com"),
        ("RP100234", "+49 30 1234567"),
        ("RP999999", EMAIL),
        ("RP999999", None),
    ],
)
def test_unknown_and_not_yours_are_the_same_answer(shop, number, contact):
    shop.order(customer=shop.customer())
    with pytest.raises(OrderNotFound) as refusal:
        shop.crm.orders.find(shop.guest(), number, contact=contact)
    assert str(refusal.value) == f"no order '{number}'"


def test_unknown_and_not_yours_ask_the_database_the_same_questions(shop):
    shop.order(customer=shop.customer())
    talk = shop.guest()
    asked: list[list[str]] = []
    with_statements = sa.event.listens_for(shop.crm.database.engine, "before_cursor_execute")
    with_statements(lambda _c, _cur, statement, *_: asked[-1].append(statement))
    for number in ("RP100234", "RP999999"):
        asked.append([])
        with pytest.raises(OrderNotFound):
            shop.crm.orders.find(talk, number, contact="nobody@example.com")
    assert len(asked[0]) == len(asked[1])
    assert [pair for pair in zip(*asked, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.parametrize(("number", "contact"), [("order", EMAIL), ("RP100234", "anna"), ("RP100234", "@")])
def test_what_cannot_be_a_number_or_a_contact_is_said_so(shop, number, contact):
    with pytest.raises(InvalidInput):
        shop.crm.orders.find(shop.guest(), number, contact=contact)


def test_guessing_is_stopped_for_the_right_answer_too_and_forgiven_after_an_hour(shop, clock):
    shop.order(customer=shop.customer())
    talk = shop.guest()
    for attempt in range(REFUSE_AFTER):
        assert shop.crm.orders.failures(talk) == attempt
        with pytest.raises(OrderNotFound):
            shop.crm.orders.find(talk, f"RP10000{attempt}", contact=EMAIL)
    with pytest.raises(OrderNotFound):
        shop.crm.orders.find(talk, "RP100234", contact=EMAIL)
    clock.advance(minutes=61)
    assert shop.crm.orders.find(talk, "RP100234", contact=EMAIL).number == "RP100234"


def test_numbers_cannot_be_walked_for_a_known_contact_through_many_conversations(shop, clock):
    anna = shop.customer()
    shop.order(customer=anna)
    for attempt in range(REFUSE_AFTER):
        with pytest.raises(OrderNotFound):
            shop.crm.orders.find(shop.guest(), f"RP10000{attempt}", contact=EMAIL)
    with pytest.raises(OrderNotFound) as refusal:
        shop.crm.orders.find(shop.guest(), "RP100234", contact=EMAIL.upper())
    assert str(refusal.value) == "no order 'RP100234'"
    assert shop.crm.orders.find(shop.signed_in(anna), "RP100234", contact=EMAIL).number == "RP100234"
    clock.advance(minutes=61)
    assert shop.crm.orders.find(shop.guest(), "RP100234", contact=EMAIL).number == "RP100234"


def test_what_is_kept_of_a_tried_contact_is_gone_with_the_next_failure_after_an_hour(shop, clock):
    for contact in ("first@example.com", "second@example.com"):
        with pytest.raises(OrderNotFound):
            shop.crm.orders.find(shop.guest(), "RP777777", contact=contact)
        clock.advance(minutes=61)
    with shop.crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(lookup_failures)) == 1


def test_a_failed_look_up_keeps_neither_number_nor_contact(shop):
    with pytest.raises(OrderNotFound):
        shop.crm.orders.find(shop.guest(), "RP777777", contact="secret@example.com")
    with shop.crm.database.reading() as connection:
        rows = connection.execute(sa.select(interactions)).all()
    assert len(rows) == 1
    assert "777777" not in str(rows)
    assert "secret" not in str(rows)


def test_only_a_signed_in_customer_gets_a_list(shop):
    with pytest.raises(NotVerified):
        shop.crm.orders.recent(shop.guest())


def test_cancelling_twice_is_one_cancellation(shop):
    order_id = shop.order(customer=shop.customer())
    talk = shop.guest()
    first = shop.crm.orders.cancel(talk, "RP100234", contact=EMAIL, reason="no_longer_wanted")
    again = shop.crm.orders.cancel(talk, "RP100234", contact=EMAIL)
    assert first.id == again.id
    assert first.reference.startswith("CN-")
    assert shop.crm.orders.find(talk, "RP100234", contact=EMAIL).status == "cancelled"
    assert len(shop.crm.orders.requests(order_id)) == 1


@pytest.mark.parametrize("status", ["shipped", "delivered", "returned", "cancelled"])
def test_what_is_under_way_is_not_cancelled(shop, status):
    shop.order(status=status, customer=shop.customer())
    with pytest.raises(OrderNotChangeable) as refusal:
        shop.crm.orders.cancel(shop.guest(), "RP100234", contact=EMAIL)
    assert refusal.value.why == status


def test_a_new_address_is_kept_sealed_under_the_customer_key(shop):
    anna = shop.customer()
    order_id = shop.order(customer=anna)
    shop.crm.orders.change_address(shop.signed_in(anna), "RP100234", address="to 5 Park Lane, Boston MA 02110")
    keys = shop.crm._context.keys
    with shop.crm.database.reading() as connection:
        key = connection.scalar(
            sa.text("SELECT key_id FROM customers WHERE id = :id")
            .bindparams(sa.bindparam("id", anna, type_=sa.Uuid(as_uuid=False)))
            .columns(key_id=sa.Uuid(as_uuid=False))
        )
        sealed = connection.scalar(sa.select(orders.c.address_encrypted).where(orders.c.id == order_id))
        detail = connection.scalar(sa.select(order_requests.c.detail_encrypted))
        assert b"Park Lane" not in sealed + detail
        assert keys.open(connection, key, sealed) == "5 Park Lane, Boston MA 02110"
        assert json.loads(keys.open(connection, key, detail)) == {"address": "5 Park Lane, Boston MA 02110"}


def test_a_guest_order_may_be_redirected_as_well(shop):
    shop.order(email="guest@example.com")
    done = shop.crm.orders.change_address(
        shop.guest(), "RP100234", contact="guest@example.com", address="上海市浦东新区世纪大道100号"
    )
    assert (done.kind, done.status) == ("address", "done")


def test_an_address_that_is_none_changes_nothing(shop):
    order_id = shop.order(customer=shop.customer())
    with pytest.raises(InvalidInput):
        shop.crm.orders.change_address(shop.guest(), "RP100234", contact=EMAIL, address="home")
    assert shop.crm.orders.requests(order_id) == []


def test_a_second_item_joins_the_open_return(shop):
    order_id = shop.order(status="delivered", customer=shop.customer())
    talk = shop.guest()
    ask = {"kind": "return", "reason": "damaged", "contact": EMAIL}
    lamp = shop.crm.orders.request_return(talk, "RP100234", item="HO1001", **ask)
    shirt = shop.crm.orders.request_return(talk, "RP100234", item="CL2002", **ask)
    assert lamp.reference == shirt.reference
    assert len(shop.crm.orders.requests(order_id)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"kind": "steal"}, "kind"), ({"reason": "bored"}, "reason"), ({"item": "XX9999"}, "item")],
)
def test_a_return_that_makes_no_sense_is_refused(shop, wrong, field):
    shop.order(status="delivered", customer=shop.customer())
    with pytest.raises(InvalidInput) as refusal:
        shop.crm.orders.request_return(
            shop.guest(), "RP100234", **({"kind": "return", "reason": "damaged", "contact": EMAIL} | wrong)
        )
    assert refusal.value.field == field


def test_the_time_for_returns_ends(shop, clock):
    shop.order(status="delivered", customer=shop.customer())
    clock.advance(days=29)
    with pytest.raises(OrderNotChangeable) as refusal:
        shop.crm.orders.request_return(shop.guest(), "RP100234", contact=EMAIL, kind="refund", reason="damaged")
    assert refusal.value.why == "window_over"


def test_an_invoice_is_asked_for_once(shop):
    order_id = shop.order(status="delivered", customer=shop.customer())
    talk = shop.guest()
    first, again = (shop.crm.orders.request_invoice(talk, "RP100234", contact=EMAIL) for _ in range(2))
    assert first == again
    assert [request.kind for request in shop.crm.orders.requests(order_id)] == ["invoice"]


def test_two_who_cancel_at_once_make_one_cancellation(shop):
    order_id = shop.order(customer=shop.customer())
    talks = [shop.guest(f"visitor-{number}") for number in range(4)]
    threads = [
        threading.Thread(target=shop.crm.orders.cancel, args=(talk, "RP100234"), kwargs={"contact": EMAIL})
        for talk in talks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shop.crm.orders.requests(order_id)) == 1


def test_staff_see_a_customer_orders_and_requests(shop):
    anna = shop.customer()
    shop.order("RP100234", customer=anna)
    shop.order("RP100235", customer=anna, placed_days_ago=1)
    shop.crm.orders.cancel(shop.signed_in(anna), "RP100234")
    assert [order.number for order in shop.crm.orders.of_customer(anna)] == ["RP100235", "RP100234"]
    assert [request.kind for request in shop.crm.orders.requests_of_customer(anna)] == ["cancel"]


def test_a_refund_is_likely_to_be_that_of_an_order_with_a_return(shop):
    anna = shop.customer()
    shop.order("RP100234", "delivered", customer=anna)
    shop.order("RP100235", "delivered", customer=anna, placed_days_ago=4)
    talk = shop.signed_in(anna)
    assert len(shop.crm.orders.likely(talk, "track")) == 2
    shop.crm.orders.request_return(talk, "RP100234", kind="refund", reason="damaged")
    assert [order.number for order in shop.crm.orders.likely(talk, "track")] == ["RP100234"]
