"""Customers: found by what they are known as, seen masked, changed without losing what was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import Conflict, CustomerNotFound, InvalidInput, NotAllowed
from crm_core.records.people import SYSTEM, Actor
from crm_core.storage.tables import customers, identities, interactions
from tests.conftest import FakeClock

AGENT = Actor("agent-1", "agent")
SUPERVISOR = Actor("agent-2", "supervisor")
NOBODY = "01234567-89ab-7def-8123-456789abcdef"


def ann(crm: Crm) -> str:
    """Add a customer."""
    return crm.customers.create(
        name="Ann Smith",
        email="Ann@Example.com",
        phone="+1 415 555 0134",
        customer_number="C-1001",
        language="en",
        country="US",
        city="Boston",
        address={"line": "12 Rose Lane"},
        source="shop",
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", " ann@EXAMPLE.com "),
        ("phone", "(415) 555-0134"),
        ("phone", "+14155550134"),
        ("customer_number", "C-1001"),
    ],
)
def test_a_customer_is_found_however_the_value_is_written(any_crm: Crm, kind: str, value: str) -> None:
    customer_id = ann(any_crm)
    assert any_crm.customers.find(kind, value) == customer_id


def test_a_value_that_nobody_has_finds_nobody(any_crm: Crm) -> None:
    ann(any_crm)
    assert any_crm.customers.find("email", "tom@example.com") is None
    assert any_crm.customers.by_number("C-9") is None


def test_personal_values_are_nowhere_in_the_database_in_clear(crm: Crm) -> None:
    ann(crm)
    crm.close()
    for file in crm.settings.home.glob("rapport.db*"):
        content = file.read_bytes().lower()
        assert not any(value in content for value in (b"ann@example", b"ann smith", b"4155550134", b"rose lane"))


def test_an_agent_sees_a_customer_masked(any_crm: Crm) -> None:
    customer = any_crm.customers.get(ann(any_crm), actor=AGENT)
    assert (customer.name, customer.emails, customer.phones, customer.masked) == (
        "A*** S***",
        ("a***@example.com",),
        ("***0134",),
        True,
    )
    assert (customer.number, customer.city, customer.country) == ("C-1001", "Boston", "US")


def test_only_some_may_see_values_whole_and_each_time_is_logged(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    with pytest.raises(NotAllowed):
        any_crm.customers.get(customer_id, actor=AGENT, unmask=True)
    assert any_crm.staff.accesses(customer_id, actor=SYSTEM) == []
    customer = any_crm.customers.get(customer_id, actor=SUPERVISOR, unmask=True)
    assert (customer.name, customer.emails, customer.phones) == ("Ann Smith", ("ann@example.com",), ("+14155550134",))
    (entry,) = any_crm.staff.accesses(customer_id, actor=SYSTEM)
    assert (entry.actor, entry.role, entry.action, entry.fields) == (
        "agent-2",
        "supervisor",
        "customer_unmasked",
        ("name", "email", "phone"),
    )


def test_a_customer_may_see_themselves_and_nobody_else(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    assert any_crm.customers.get(customer_id, actor=Actor(customer_id, "customer"), unmask=True).name == "Ann Smith"
    with pytest.raises(NotAllowed):
        any_crm.customers.get(customer_id, actor=Actor("somebody", "customer"))


def test_who_has_no_role_sees_nothing(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    with pytest.raises(NotAllowed):
        any_crm.customers.get(customer_id, actor=Actor("x", "intruder"))
    with pytest.raises(NotAllowed):
        any_crm.customers.search("C-1001", actor=Actor("x", ""))


@pytest.mark.parametrize("text", ["ann@example.com", "+1 415 555 0134", "C-1001"])
def test_a_search_by_any_exact_value_finds_the_customer_masked(any_crm: Crm, text: str) -> None:
    customer_id = ann(any_crm)
    (found,) = any_crm.customers.search(text, actor=AGENT)
    assert (found.id, found.masked) == (customer_id, True)
    assert any_crm.customers.search("ann", actor=AGENT) == []


def test_no_two_customers_have_one_email(any_crm: Crm) -> None:
    ann(any_crm)
    with pytest.raises(Conflict, match="email"):
        any_crm.customers.create(email="ANN@example.com", source="desk")
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(customers)) == 1, "nothing half-made stays"


def test_a_new_address_replaces_the_old_one_which_stays_on_record(any_crm: Crm, clock: FakeClock) -> None:
    customer_id = ann(any_crm)
    clock.advance(days=1)
    any_crm.customers.set_contact(customer_id, email="ann.smith@example.org", source="chat")
    assert any_crm.customers.find("email", "ann@example.com") is None
    assert any_crm.customers.find("email", "ann.smith@example.org") == customer_id
    assert any_crm.customers.get(customer_id, actor=AGENT).phones == ("***0134",)
    with any_crm.database.reading() as connection:
        ended = connection.scalars(sa.select(identities.c.valid_to).where(identities.c.kind == "email")).all()
    assert sorted(ended, key=str) == sorted([clock.now, None], key=str)


def test_setting_the_contact_that_one_has_changes_nothing(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    any_crm.customers.set_contact(customer_id, email="ANN@example.com", source="chat")
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(identities)) == 3


def test_nobody_takes_another_customers_contact(any_crm: Crm) -> None:
    ann(any_crm)
    tom = any_crm.customers.create(email="tom@example.com", source="shop")
    with pytest.raises(Conflict):
        any_crm.customers.set_contact(tom, email="ann@example.com", source="chat")
    assert any_crm.customers.find("email", "tom@example.com") == tom


def test_a_contact_must_be_one(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        any_crm.customers.set_contact(customer_id, email="ann at example", source="chat")
    with pytest.raises(CustomerNotFound):
        any_crm.customers.set_contact(NOBODY, email="x@example.com", source="chat")


def test_what_a_customer_did_is_kept_once_and_newest_first(any_crm: Crm, clock: FakeClock) -> None:
    customer_id = ann(any_crm)
    earlier = clock.now - timedelta(hours=1)
    view = {"channel": "web", "source": "widget"}
    assert any_crm.customers.track(customer_id, "Product Viewed", external_id="e-1", **view)  # type: ignore[arg-type]
    assert not any_crm.customers.track(customer_id, "Product Viewed", external_id="e-1", **view)  # type: ignore[arg-type]
    any_crm.customers.track(customer_id, "Page Viewed", channel="web", source="widget", occurred_at=earlier)
    assert [(one.name, one.occurred_at) for one in any_crm.customers.history(customer_id)] == [
        ("Product Viewed", clock.now),
        ("Page Viewed", earlier),
    ]


def test_what_happened_cannot_be_rewritten(any_crm: Crm) -> None:
    any_crm.customers.track(ann(any_crm), "Order Completed", channel="web", source="shop", amount_minor=1290)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), any_crm.database.engine.begin() as connection:
        connection.execute(interactions.update().values(amount_minor=1))


def test_the_last_answer_about_a_consent_counts(any_crm: Crm, clock: FakeClock) -> None:
    customer_id = ann(any_crm)
    assert any_crm.customers.consents(customer_id) == {}
    any_crm.customers.set_consent(customer_id, "marketing", True, source="shop")
    clock.advance(minutes=1)
    any_crm.customers.set_consent(customer_id, "marketing", False, source="chat")
    any_crm.customers.set_consent(customer_id, "profiling", True, source="chat")
    assert any_crm.customers.consents(customer_id) == {"marketing": False, "profiling": True}
    with pytest.raises(InvalidInput, match="purpose"):
        any_crm.customers.set_consent(customer_id, "anything", True, source="chat")


def test_a_merged_customer_is_the_one_they_were_merged_into(any_crm: Crm) -> None:
    kept, merged = ann(any_crm), any_crm.customers.create(name="A. Smith", source="chat")
    with any_crm.database.writing() as connection:
        changed = customers.update().where(customers.c.id == merged)
        connection.execute(changed.values(status="merged", merged_into=kept))
    assert any_crm.customers.get(merged, actor=AGENT).id == kept


def test_an_erased_customer_has_no_values_left(any_crm: Crm) -> None:
    customer_id = ann(any_crm)
    with any_crm.database.writing() as connection:
        any_crm._context.keys.destroy(connection, connection.scalar(sa.select(customers.c.key_id)))
    customer = any_crm.customers.get(customer_id, actor=SUPERVISOR, unmask=True)
    assert (customer.name, customer.emails, customer.phones, customer.number) == (None, (), (), None)
