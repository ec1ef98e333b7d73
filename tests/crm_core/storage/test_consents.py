"""Consents of several records that are one person: SQL and Python must read them alike."""

from __future__ import annotations

import random
from datetime import timedelta

import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.records.consent import Consent, Purpose
from crm_core.storage import consents
from crm_core.storage.tables import customers
from tests.conftest import FakeClock


def test_whatever_was_answered_and_joined_in_whatever_order_sql_and_python_agree(
    any_crm: Crm, clock: FakeClock
) -> None:
    begin, database = clock(), any_crm.database
    for seed in range(40):
        chance = random.Random(seed)
        one, other, third = (any_crm.customers.create(source="shop") for _ in range(3))
        with database.writing() as connection:
            for joined in (other, third):
                if chance.random() < 0.7:
                    values = {"merged_into": one, "merged_at": begin + timedelta(hours=chance.randrange(10))}
                    connection.execute(customers.update().where(customers.c.id == joined).values(**values))
            for hour in chance.sample(range(10), 5):
                given_at = begin + timedelta(hours=hour, minutes=30)
                answer = Consent(Purpose.PROFILING, chance.random() < 0.5, given_at, "chat", None, None)
                consents.append(connection, chance.choice((one, other, third)), answer)
        with database.reading() as connection:
            for customer in (one, other, third):
                now = consents.current(connection, customer).get(Purpose.PROFILING.value, True)
                assert consents.has_refused(connection, customer, Purpose.PROFILING) is not now, (seed, customer)


def test_the_last_word_counts_for_one_record(any_crm: Crm, clock: FakeClock) -> None:
    customer = any_crm.customers.create(source="shop")
    with any_crm.database.writing() as connection:
        for hours, granted in enumerate((True, False, True)):
            at = clock() + timedelta(hours=hours)
            consents.append(connection, customer, Consent(Purpose.MARKETING, granted, at, "chat", None, None))
    with any_crm.database.reading() as connection:
        assert not consents.has_refused(connection, customer, Purpose.MARKETING)
        assert connection.scalar(sa.select(sa.func.count()).select_from(customers)) == 1
