"""An erasure leaves nothing by which the person could be known, looks whether that is so, and certifies it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import CustomerNotFound, InvalidInput
from crm_core.records.people import SYSTEM, Actor
from crm_core.records.privacy import is_unchanged
from crm_core.storage import tables
from tests.small_shop import EMAIL, PHONE, SmallShop

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)
ADDRESS = "5 Park Lane, Boston MA 02110"
TOLD = "13912345678"


@pytest.fixture
def shop(any_crm: Crm) -> SmallShop:
    return SmallShop(any_crm)


@pytest.fixture
def anna(shop: SmallShop) -> str:
    """A customer who has ordered, talked, sent a file and said a number that stands in no other place."""
    anna = shop.customer()
    shop.order(customer=anna)
    talk = shop.signed_in(anna)
    shop.crm.conversations.accept(talk, {"text": f"My other number is {TOLD}, call me there"})
    shop.crm.attachments.keep(talk, "passport of Anna Berg.png", PICTURE)
    while shop.crm.search.index():
        pass
    return anna


def home(shop: SmallShop) -> Path:
    return shop.crm.settings.home


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_of_the_person_is_left_and_the_certificate_says_what_went(shop: SmallShop, anna: str) -> None:
    certificate = shop.crm.privacy.erase(anna, actor=SYSTEM)
    assert certificate.complete, certificate.left
    assert certificate.erased["keys"] >= 2
    assert certificate.erased["identities"] == 3
    assert certificate.erased["files"] == certificate.erased["attachments"] == 1
    assert certificate.erased["search words"] > 3
    assert certificate.kept["orders"] == 1
    assert certificate.looked_through["tables"] >= len(tables.metadata.tables)
    assert certificate.looked_through["files"] >= 1
    assert not list((home(shop) / "attachments").iterdir())


def test_the_certificate_is_kept_names_nobody_and_shows_every_change(shop: SmallShop, anna: str) -> None:
    reference = shop.crm.privacy.request(anna, "erase")
    certificate = shop.crm.privacy.erase(anna, actor=Actor("m1", "manager"))
    kept = shop.crm.privacy.certificate(reference)
    assert kept == certificate.said
    assert is_unchanged(kept)
    assert not is_unchanged(kept | {"complete": False})
    for value in ("Anna", "Berg", EMAIL, PHONE, TOLD):
        assert value not in json.dumps(kept)
    (entry,) = shop.crm.staff.accesses(anna, actor=SYSTEM)
    assert (entry.action, entry.fields) == ("customer_erased", (reference, kept["sha256"]))
    assert shop.crm.privacy.pending() == []


def test_plain_values_are_on_no_page_of_the_databases_file(crm: Crm) -> None:
    shop = SmallShop(crm)
    talk = shop.signed_in(anna := shop.customer())
    with crm.database.writing() as connection:
        hers = tables.customers.update().where(tables.customers.c.id == anna)
        connection.execute(hers.values(city="Zyzzyxville", attributes={"nickname": "Annabellissima"}))
    crm.conversations.accept(talk, {"text": "hello"})
    assert b"Zyzzyxville" in bytes_of(crm.settings.home)
    assert crm.privacy.erase(anna, actor=SYSTEM).complete
    left = bytes_of(crm.settings.home)
    assert b"Zyzzyxville" not in left
    assert b"Annabellissima" not in left


def test_what_logs_and_rejected_rows_tell_is_blotted_out_in_place(shop: SmallShop, anna: str) -> None:
    rejected = home(shop) / "imports" / "1" / "rejected.csv"
    log = home(shop) / "logs" / "gateway.log"
    rejected.parent.mkdir(parents=True)
    log.parent.mkdir()
    rejected.write_text(f"row,name,mail\n1,Anna Berg,{EMAIL}\n2,Li Na,li@example.cn\n", "utf-8")
    with log.open("a", encoding="utf-8") as open_log:
        open_log.write(f"failed for {EMAIL.upper()} of {anna}\nphone (202) 555-0143\n")
        open_log.flush()
        certificate = shop.crm.privacy.erase(anna, actor=SYSTEM)
        open_log.write("still writing\n")
    assert certificate.complete, certificate.left
    assert certificate.erased["values in files"] == 5
    assert rejected.read_text("utf-8").splitlines()[2] == "2,Li Na,li@example.cn"
    told = log.read_text("utf-8")
    assert told.endswith("still writing\n")
    for value in (EMAIL, EMAIL.upper(), anna, "555-0143"):
        assert value not in told + rejected.read_text("utf-8")


def test_what_cannot_be_blotted_out_is_said(shop: SmallShop, anna: str) -> None:
    shop.crm.settings.models.mkdir(exist_ok=True)
    model = shop.crm.settings.models / "privacy-test.json"
    model.write_text(json.dumps({"seen": ["王小明", "Anna Berg"]}), "utf-8")
    with shop.crm.database.writing() as connection:
        connection.execute(tables.question_topics.insert().values(
            id=anna, language="en", status="open", decided_by=TOLD, created_at=shop.crm._context.clock()
        ))  # fmt: skip
    try:
        certificate = shop.crm.privacy.erase(anna, actor=SYSTEM)
    finally:
        model.unlink()
    assert not certificate.complete
    assert {(Path(one.place).name, one.what) for one in certificate.left} >= {
        ("privacy-test.json", "name"),
        ("question_topics.decided_by", "told"),
    }


def test_names_in_json_escapes_are_found(shop: SmallShop) -> None:
    person = shop.crm.customers.create(source="test", name="王小明", email="wang@example.cn")
    model = shop.crm.settings.models / "privacy-test.json"
    model.parent.mkdir(exist_ok=True)
    model.write_text(json.dumps({"seen": ["王小明"]}), "ascii")
    try:
        certificate = shop.crm.privacy.erase(person, actor=SYSTEM)
    finally:
        model.unlink()
    assert [(Path(one.place).name, one.what, one.times) for one in certificate.left] == [
        ("privacy-test.json", "name", 1)
    ]


def test_tables_that_are_not_ours_are_looked_through(shop: SmallShop, anna: str) -> None:
    with shop.crm.database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE tracker_events_of_another (id INTEGER, data TEXT)"))
        connection.execute(sa.text("INSERT INTO tracker_events_of_another VALUES (1, :said)"), {"said": f'"{EMAIL}"'})
    try:
        certificate = shop.crm.privacy.erase(anna, actor=SYSTEM)
    finally:
        with shop.crm.database.writing() as connection:
            connection.execute(sa.text("DROP TABLE tracker_events_of_another"))
    assert ("tracker_events_of_another.data", "email") in {(one.place, one.what) for one in certificate.left}


def test_an_interaction_that_tells_goes_and_others_stay_for_the_figures(shop: SmallShop, anna: str) -> None:
    shop.crm.customers.track(anna, "Product Viewed", channel="web", source="test", properties={"page": "lamp"})
    shop.crm.customers.track(anna, "Form Sent", channel="web", source="test", properties={"by": EMAIL})
    certificate = shop.crm.privacy.erase(anna, actor=SYSTEM)
    assert certificate.complete, certificate.left
    assert "Form Sent" not in {one.name for one in shop.crm.customers.history(anna)}
    assert "Product Viewed" in {one.name for one in shop.crm.customers.history(anna)}


def test_orders_bought_without_the_account_are_found_by_nobody_any_more(shop: SmallShop, anna: str) -> None:
    shop.order("RP100900", email=EMAIL)
    assert shop.crm.privacy.erase(anna, actor=SYSTEM).complete
    with shop.crm.database.reading() as connection:
        assert set(connection.scalars(sa.select(tables.orders.c.email_index))) == {None}


def test_others_lose_nothing(shop: SmallShop, anna: str) -> None:
    other = shop.customer("C10002", "li@example.cn", None)
    talk = shop.signed_in(other, "visitor-7")
    shop.crm.conversations.accept(talk, {"text": "Anna Berg told me of you"})
    kept = shop.crm.attachments.keep(talk, "mine.png", PICTURE)
    before = shop.crm.privacy.export(other, actor=SYSTEM)
    shop.crm.privacy.erase(anna, actor=SYSTEM)
    assert shop.crm.privacy.export(other, actor=SYSTEM) == before
    assert shop.crm.attachments.open(kept.id)[1] == PICTURE


def test_a_person_is_found_by_any_of_their_identities(shop: SmallShop, anna: str) -> None:
    person = shop.crm.privacy.person
    shop.crm.customers.set_contact(anna, email="new@example.com", source="test")
    for who in (EMAIL, "new@example.com", PHONE, "C10001", anna):
        assert person(who) == anna, who
    talk = shop.crm.conversations.get(shop.signed_in(anna))
    assert person(talk.external_id) == anna
    assert person(shop.crm.privacy.request(anna, "erase")) == anna
    with pytest.raises(CustomerNotFound):
        person("nobody@example.com")


def test_an_identity_that_two_people_had_names_both(shop: SmallShop, anna: str) -> None:
    shop.crm.customers.set_contact(anna, email="new@example.com", source="test")
    other = shop.customer("C10002", EMAIL, None)
    with pytest.raises(InvalidInput, match="several people") as told:
        shop.crm.privacy.person(EMAIL)
    assert anna in str(told.value)
    assert other in str(told.value)


def test_an_export_holds_the_files_that_were_sent(shop: SmallShop, anna: str) -> None:
    ((name, content),) = shop.crm.privacy.files(anna, actor=SYSTEM)
    assert name.endswith("-passport of Anna Berg.png")
    assert content == PICTURE
