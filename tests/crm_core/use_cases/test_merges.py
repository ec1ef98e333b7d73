"""Who is who: found, joined with evidence, decided by people, parted again without a trace."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import Conflict, CustomerNotFound, NotAllowed
from crm_core.records.merges import Merge, State
from crm_core.records.people import Actor
from crm_core.storage import bulk
from crm_core.storage.merges import MergeNotFound
from crm_core.storage.tables import customers, identities, merges, metadata
from tests.conftest import FakeClock

SUPERVISOR = Actor("agent-2", "supervisor")
HOME = {"city": "Boston", "address": "12 Rose Lane apt 4"}


def told(crm: Crm, name: str | None, born: str = "1990-04-05", **more: Any) -> str:
    """Add a record of somebody who lives in Rose Lane."""
    return crm.customers.create(source="shop", name=name, attributes={"birthday": born}, **(HOME | more))


def joined(crm: Crm, one: str, other: str) -> bool:
    """Tell whether two records are one person."""
    return crm.customers.get(one, actor=SUPERVISOR).id == crm.customers.get(other, actor=SUPERVISOR).id


def content(crm: Crm) -> dict[str, list[dict[str, Any]]]:
    """Give every row but those that tell of merges and of who did what."""
    aside = {"merges", "access_log"}
    with crm.database.reading() as connection:
        return {
            name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for name, table in metadata.tables.items()
            if name not in aside
        }


def test_a_person_told_twice_is_found_and_the_evidence_kept(any_crm: Crm) -> None:
    one = told(any_crm, "Ann Smith", email="ann@example.com", customer_number="C-1")
    other = told(any_crm, "smith ann", email="ann.smith@example.org")
    stranger = told(any_crm, "Bob Miller", "1970-01-01", city="Denver", address="9 Oak Road")
    done = any_crm.merges.run()
    assert (done.records, done.merged, done.doubtful) == (3, 1, 0)
    assert joined(any_crm, one, other)
    assert not joined(any_crm, one, stranger)
    assert any_crm.customers.get(other, actor=SUPERVISOR).id == one, "the shop knows this one by a number"
    [merge] = any_crm.merges.of(other)
    assert (merge.state, merge.rule, merge.decided_by) == (State.MERGED, "likeness", "system")
    assert {each.field: each.level for each in merge.evidence if each.bits > 0} == {
        "name": "same",
        "born": "day",
        "address": "same",
    }


def test_a_second_run_changes_nothing(any_crm: Crm) -> None:
    for name in ("Ann Smith", "smith ann", "A. Smith", "Anna Smith"):
        told(any_crm, name)
    any_crm.merges.run()
    before, known = content(any_crm), rows(any_crm)
    again = any_crm.merges.run()
    assert (again.merged, again.doubtful) == (0, 0)
    assert (content(any_crm), rows(any_crm)) == (before, known)


def rows(crm: Crm) -> list[Any]:
    """Give every pair that is known."""
    with crm.database.reading() as connection:
        return list(connection.execute(sa.select(merges).order_by(merges.c.id)))


def test_undo_gives_back_exactly_what_was(any_crm: Crm, clock: FakeClock) -> None:
    one = told(any_crm, "Ann Smith", email="ann@example.com")
    other = told(any_crm, "Ann Smith", email="smith@example.com")
    any_crm.customers.track(one, "Product Viewed", channel="web", source="shop")
    any_crm.customers.track(other, "Product Added", channel="web", source="shop")
    any_crm.customers.set_consent(one, "marketing", True, source="shop")
    any_crm.customers.set_consent(other, "marketing", False, source="shop")
    any_crm.merges.run()
    keys = any_crm.merges.records(one)  # the run has left keys to be found by, which an undo keeps
    merge = any_crm.merges.of(one)[0]
    any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    before = content(any_crm)
    clock.advance(days=1)
    any_crm.merges.join(one, other, actor=SUPERVISOR)
    assert any_crm.customers.consents(one) == {"marketing": False}
    assert content(any_crm) != before
    any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    assert content(any_crm) == before
    assert sorted(keys) == sorted([one, other])
    assert any_crm.customers.consents(one) == {"marketing": True}
    assert any_crm.customers.consents(other) == {"marketing": False}
    assert [each.name for each in any_crm.customers.history(one)] == ["Product Viewed"]


def test_what_was_undone_is_not_merged_again(any_crm: Crm) -> None:
    one, other, third = (told(any_crm, "Ann Smith") for _ in range(3))
    any_crm.merges.run()
    assert joined(any_crm, one, other)
    assert joined(any_crm, one, third)
    for merge in [m for m in any_crm.merges.of(one) if one in (m.left, m.right)]:
        any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    parted = {two for two in (other, third) if not joined(any_crm, one, two)}
    assert parted
    any_crm.merges.run()
    assert {two for two in (other, third) if not joined(any_crm, one, two)} == parted


def test_a_merge_is_undone_after_further_merges_and_the_others_hold(any_crm: Crm) -> None:
    a, b, c, d = (
        told(any_crm, name, born) for name, born in zip("ABCD", ("1950", "1960", "1970", "1980"), strict=True)
    )
    first = any_crm.merges.join(a, b, actor=SUPERVISOR)
    any_crm.merges.join(b, c, actor=SUPERVISOR)
    any_crm.merges.join(c, d, actor=SUPERVISOR)
    with any_crm.database.reading() as connection:
        assert {row["merged_into"] for row in bulk.customer_rows(connection, [b, c, d]).values()} == {a}, "no chains"
    any_crm.merges.undo(first.id, actor=SUPERVISOR)
    assert not joined(any_crm, a, b)
    assert joined(any_crm, b, c)
    assert joined(any_crm, c, d)
    assert any_crm.customers.get(a, actor=SUPERVISOR).status == "active"


def test_there_are_no_circles(any_crm: Crm) -> None:
    a, b, c = (told(any_crm, name, born) for name, born in zip("ABC", ("1950", "1960", "1970"), strict=True))
    any_crm.merges.join(a, b, actor=SUPERVISOR)
    any_crm.merges.join(b, c, actor=SUPERVISOR)
    for pair in ((c, a), (a, c), (b, a), (a, a)):
        with pytest.raises(Conflict):
            any_crm.merges.join(*pair, actor=SUPERVISOR)


def test_a_merge_is_undone_once(any_crm: Crm) -> None:
    merge = any_crm.merges.join(told(any_crm, "A"), told(any_crm, "B"), actor=SUPERVISOR)
    any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    with pytest.raises(Conflict, match="apart"):
        any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    with pytest.raises(MergeNotFound):
        any_crm.merges.undo("01234567-89ab-7def-8123-456789abcdef", actor=SUPERVISOR)


def test_only_supervisors_say_who_is_who(crm: Crm) -> None:
    one, other = told(crm, "A"), told(crm, "B")
    with pytest.raises(NotAllowed):
        crm.merges.join(one, other, actor=Actor("agent-1", "agent"))
    with pytest.raises(CustomerNotFound):
        crm.merges.join(one, "01234567-89ab-7def-8123-456789abcdef", actor=SUPERVISOR)


def test_a_family_at_one_address_with_one_phone_stays_a_family(any_crm: Crm) -> None:
    family = [
        told(any_crm, "王伟", "1960-02-03"),
        told(any_crm, "王晓明", "1990-04-05"),
        told(any_crm, "王晓红", "1990-04-05"),  # twins
        told(any_crm, "Li Na", "1962-05-06"),
    ]
    with any_crm.database.writing() as connection:  # all gave one phone; only the first could have it at a time
        keys = any_crm._context.keys
        for row in bulk.customer_rows(connection, family).values():
            known = bulk.identity_row(
                connection, keys, row["id"], row["key_id"], "phone", "+8613800000000", "shop", row["first_seen_at"]
            )
            bulk.insert(connection, identities, [known | {"valid_to": row["first_seen_at"]}])
    assert any_crm.merges.run().merged == 0
    assert any_crm.merges.doubtful() == []


def test_a_phone_of_hundreds_joins_nobody(crm: Crm) -> None:
    people = [told(crm, None, "", city=None, address=None) for _ in range(200)]
    with crm.database.writing() as connection:
        for row in bulk.customer_rows(connection, people).values():
            known = bulk.identity_row(
                connection, crm._context.keys, row["id"], row["key_id"], "phone", "+8613800000000", "shop",
                row["first_seen_at"],
            )  # fmt: skip
            bulk.insert(connection, identities, [known | {"valid_to": row["first_seen_at"]}])
    done = crm.merges.run()
    assert (done.merged, done.doubtful) == (0, 0)


@pytest.mark.parametrize("name", [None, "😀😀", "…", "   "])
def test_without_a_name_nobody_is_joined_for_living_somewhere(crm: Crm, name: str | None) -> None:
    told(crm, name), told(crm, name)
    assert crm.merges.run().merged == 0


def test_doubtful_pairs_wait_for_a_person(any_crm: Crm) -> None:
    one, other = told(any_crm, "Ann Smith", ""), told(any_crm, "A. Smith", "")
    assert any_crm.merges.run().doubtful == 1
    [pair] = any_crm.merges.doubtful()
    assert {pair.left, pair.right} == {one, other}
    any_crm.merges.reject(pair.id, actor=SUPERVISOR)
    assert any_crm.merges.doubtful() == []
    assert any_crm.merges.run().doubtful == 0
    kept = any_crm.merges.join(one, other, actor=SUPERVISOR)
    assert (kept.id, kept.rule, kept.decided_by) == (pair.id, "hand", "agent-2")


def test_who_is_erased_is_never_compared_joined_or_parted(any_crm: Crm) -> None:
    one, other = told(any_crm, "Ann Smith"), told(any_crm, "Ann Smith")
    any_crm.merges.run()
    [merge] = any_crm.merges.of(one)
    any_crm.privacy.erase(one, actor=Actor("system", "system"))
    with pytest.raises(Conflict, match="erased"):
        any_crm.merges.undo(merge.id, actor=SUPERVISOR)
    new = told(any_crm, "Ann Smith")
    assert any_crm.merges.run().merged == 0
    with pytest.raises(Conflict, match="erased"):
        any_crm.merges.join(new, other, actor=SUPERVISOR)
    with any_crm.database.reading() as connection:
        assert any_crm.merges.alike(new) == []
        assert {row["status"] for row in bulk.customer_rows(connection, [one, other]).values()} == {"erased", "merged"}


def test_two_runs_at_once_join_once(any_crm: Crm) -> None:
    for number in range(6):
        told(any_crm, f"Ann {'abcdefgh'[number // 2] * 5}", f"1990-04-0{1 + number // 2}")
    done: list[int] = []
    runs = [Thread(target=lambda: done.append(any_crm.merges.run().merged)) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert sorted(done) == [0, 3]
    with any_crm.database.reading() as connection:
        merged = connection.scalar(sa.select(sa.func.count()).where(customers.c.status == "merged"))
    assert merged == 3


def test_the_same_person_twice_in_one_batch_is_one_person(crm: Crm) -> None:
    same = [told(crm, "Ann Smith") for _ in range(5)]
    assert crm.merges.run().merged == 4
    assert {crm.customers.get(one, actor=SUPERVISOR).id for one in same} == {same[0]}


def test_one_record_finds_those_like_it_at_once(any_crm: Crm) -> None:
    one = told(any_crm, "Ann Smith")
    told(any_crm, "Bob Miller", "1970-01-01", city="Denver", address="9 Oak Road")
    any_crm.merges.run()
    new = told(any_crm, "Smith Ann")
    found: list[Merge] = any_crm.merges.alike(new)
    assert [pair.right for pair in found] == [one]
    assert found[0].weight > 6


def test_the_golden_record_tells_where_each_value_comes_from(any_crm: Crm, clock: FakeClock) -> None:
    one = told(any_crm, "Ann Smith", email="ann@example.com")
    clock.advance(days=3)
    other = any_crm.customers.create(
        source="chat", name="Ann Smith", email="smith@example.com", city="Denver", attributes={"birthday": "1990-04-05"}
    )
    any_crm.merges.join(one, other, actor=SUPERVISOR)
    chosen = {each.field: each for each in any_crm.merges.golden(other, actor=SUPERVISOR, unmask=True)}
    assert (chosen["email"].value, chosen["email"].source, chosen["email"].rule) == (
        "smith@example.com",
        "chat",
        "newest",
    )
    assert (chosen["name"].source, chosen["name"].rule) == ("shop", "agreed")
    assert (chosen["address"].record, chosen["address"].rule) == (one, "only")
    assert (chosen["city"].value, chosen["city"].others) == ("Denver", 1)
    masked = {each.field: each.value for each in any_crm.merges.golden(one, actor=Actor("agent-1", "agent"))}
    assert masked["email"] != "smith@example.com"
    assert masked["address"] == "…"
