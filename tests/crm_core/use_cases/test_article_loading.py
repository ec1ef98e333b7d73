"""Articles are brought in again and again without harm, and are shown to those they are for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crm_core.crm import Crm
from crm_core.records.knowledge import Audience
from crm_core.records.people import Actor
from tests.crm_core.use_cases.test_articles import MANAGER


def write(folder: Path, slug: str, text: str, **head: str) -> None:
    (folder / "en").mkdir(exist_ok=True)
    fields = {"title": f"All about {slug}", "category": "store", **head}
    lines = "\n".join(f"{name}: {value}" for name, value in fields.items())
    (folder / "en" / f"{slug}.md").write_text(f"---\n{lines}\n---\n\n{text}\n", "utf-8")


def test_the_same_files_again_change_nothing(any_crm: Crm, tmp_path: Path) -> None:
    write(tmp_path, "lamps", "Lamps burn long.")
    first = any_crm.knowledge.bring_in([tmp_path])
    again = any_crm.knowledge.bring_in([tmp_path])
    assert (first.new, first.unchanged, again.new, again.changed, again.unchanged) == (1, 0, 0, 0, 1)
    assert len(any_crm.articles.history("lamps")) == 1


def test_a_changed_file_changes_its_article(crm: Crm, tmp_path: Path) -> None:
    write(tmp_path, "lamps", "Lamps burn long.")
    crm.knowledge.bring_in([tmp_path])
    write(tmp_path, "lamps", "Lamps burn longer.")
    assert crm.knowledge.bring_in([tmp_path]).changed == 1
    assert crm.articles.get("lamps").text("en").body == "Lamps burn longer."


def test_what_vanished_goes_only_when_asked_and_only_of_this_source(any_crm: Crm, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    write(ours, "lamps", "Lamps burn long.")
    write(ours, "chairs", "Chairs stand.")
    write(theirs, "tables", "Tables carry.")
    any_crm.knowledge.bring_in([ours], source="ours")
    any_crm.knowledge.bring_in([theirs], source="theirs")
    (ours / "en" / "lamps.md").unlink()
    kept = any_crm.knowledge.bring_in([ours], source="ours")
    assert (kept.removed, kept.vanished) == (0, ("en/lamps",))
    assert any_crm.knowledge.bring_in([ours], source="ours", prune=True).removed == 1
    assert {each.slug for each in any_crm.articles.all()} == {"chairs", "tables"}
    write(ours, "lamps", "Lamps are back.")
    assert any_crm.knowledge.bring_in([ours], source="ours").new == 1


def test_what_managers_edited_or_deleted_stays_as_they_left_it(crm: Crm, tmp_path: Path) -> None:
    actor: Actor = MANAGER
    write(tmp_path, "lamps", "Lamps burn long.")
    write(tmp_path, "chairs", "Chairs stand.")
    crm.knowledge.bring_in([tmp_path])
    crm.articles.change(replace(crm.articles.get("lamps"), category="care"), actor=actor)
    crm.articles.delete("chairs", actor=actor)
    again = crm.knowledge.bring_in([tmp_path], prune=True)
    assert [(each.name, each.why) for each in again.skipped] == [("en/chairs", "edited"), ("en/lamps", "edited")]
    assert [each.category for each in crm.articles.all()] == ["care"]


def test_an_article_is_shown_to_those_it_is_for(crm: Crm, tmp_path: Path) -> None:
    write(tmp_path, "lamps", "Lamps burn long.")
    write(tmp_path, "rebates", "Companies get rebates from ten pieces.", audience="business")
    write(tmp_path, "goodwill", "Goodwill credits go up to fifty dollars.", audience="agents")
    crm.knowledge.bring_in([tmp_path])

    def shown(question: str, audience: Audience) -> str | None:
        index = crm.knowledge._fresh_index(audience)
        return next((each.slug for each in index.search(question, "en") if each.slug in question), None)

    assert shown("rebates", Audience.BUSINESS) == "rebates"
    assert shown("goodwill", Audience.AGENTS) == "goodwill"
    for audience in (Audience.EVERYONE, Audience.CUSTOMERS):
        assert shown("rebates", audience) is None
    for audience in (Audience.EVERYONE, Audience.CUSTOMERS, Audience.BUSINESS):
        assert shown("goodwill", audience) is None


def test_an_article_holds_from_its_first_day_to_its_last(crm: Crm, tmp_path: Path, clock: object) -> None:
    today = clock().date()  # type: ignore[operator]
    write(tmp_path, "lamps", "Lamps burn long.", valid_to=today.replace(day=today.day).isoformat())
    write(tmp_path, "chairs", "Chairs stand.")
    crm.knowledge.bring_in([tmp_path])
    index = crm.knowledge._fresh_index(Audience.EVERYONE)
    assert {each.slug for each in index.search("all about lamps and chairs", "en")} == {"chairs"}
