"""Training learns from the database, keeps what it learned with its figures, and scores are read from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, ModelNotTrained
from crm_core.language import LANGUAGES
from crm_core.learning.registry import ModelDamaged, Registry
from crm_core.phrases import crm_phrases
from crm_core.segments.keys import KEYS
from crm_core.settings import Settings
from crm_core.storage.tables import score_uses, scores, segments
from tests.conftest import FakeClock
from tests.crm_core.feedback.test_feedback_model import examples
from tests.crm_core.use_cases.ledger import Ledger

DATA = "segment", "purchase_intent", "recommend"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with a models folder of its own and no demo data."""
    return Settings.load(home=tmp_path / "home", models=tmp_path / "models", data=tmp_path / "data")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> tuple[Path, list[str]]:
    """A shop whose groups and purchase intents are learned and scored: made once, copied for each test."""
    home = tmp_path_factory.mktemp("learned")
    shutil.copy(migrated_file, home / "rapport.db")
    crm = Crm(Settings.load(home=home, models=home / "models"), FakeClock())
    customers = Ledger(crm).shop()
    crm.training.train(["segment", "purchase_intent"])
    crm.scores.score_all()
    crm.close()
    return home, customers


@pytest.fixture
def trained(learned: tuple[Path, list[str]], settings: Settings, clock: FakeClock) -> Iterator[tuple[Crm, list[str]]]:
    home, customers = learned
    shutil.copytree(home, settings.home, dirs_exist_ok=True)
    crm = Crm(settings.model_copy(update={"models": settings.home / "models"}), clock)
    yield crm, customers
    crm.close()


def test_every_task_is_learned_from_what_the_database_holds(any_crm: Crm) -> None:
    ledger = Ledger(any_crm)
    ledger.shop()
    for text, category, sentiment in examples().itertuples(index=False):
        ledger.feedback(text, category, sentiment)
    ledger.flush()
    assert not any_crm.training.is_trained()
    results = {result.task: result for result in any_crm.training.train()}
    assert {task: result.skipped for task, result in results.items()} == dict.fromkeys(results)
    assert list(results) == ["segment", "purchase_intent", "recommend", "feedback"]
    assert all(set(result.baseline) == set(result.metrics) for result in results.values())
    assert any_crm.training.is_trained()
    assert {(model.task, model.status) for model in any_crm.scores.models()} == {(task, "live") for task in results}
    counts = any_crm.scores.score_all()
    assert 0 < counts["segment"] <= counts["purchase_intent"]


def test_an_empty_database_learns_nothing_says_why_and_breaks_nothing(crm: Crm) -> None:
    results = crm.training.train()
    assert all(result.version is None and result.skipped for result in results)
    assert not crm.training.is_trained()
    with pytest.raises(ModelNotTrained, match="rapport train"):
        crm.scores.score_all()


def test_without_labelled_feedback_the_shipped_texts_are_learned_from(crm: Crm, settings: Settings) -> None:
    (settings.data / "demo").mkdir(parents=True)
    examples().assign(language="en", rating=3).to_csv(settings.data / "demo" / "feedback.csv", index=False)
    assert crm.training.train(["feedback"])[0].rows == len(examples())
    reading = crm.feedback.record("The courier was terrible", source="chat")
    assert (reading.category.value, reading.sentiment.value) == ("delivery", "negative")


def test_an_unknown_task_is_refused_before_anything_is_trained(crm: Crm) -> None:
    with pytest.raises(InvalidInput, match="horoscope"):
        crm.training.train(["segment", "horoscope"])
    assert crm.scores.models() == []


def test_a_task_with_too_little_data_keeps_the_model_it_had(trained: tuple[Crm, list[str]]) -> None:
    crm, _ = trained
    before = Registry(crm.settings.models).live("segment")
    with crm.database.writing() as connection:
        connection.execute(sa.text("UPDATE orders SET total_minor = 0"))
    assert crm.training.train(["segment"])[0].skipped
    assert Registry(crm.settings.models).live("segment") == before


def test_a_newer_model_retires_the_one_before(trained: tuple[Crm, list[str]], clock: FakeClock) -> None:
    crm, _ = trained
    clock.advance(hours=1)
    newer = crm.training.train(["segment"])[0].version
    states = {model.version: model.status for model in crm.scores.models() if model.task == "segment"}
    assert states.pop(str(newer)) == "live"
    assert list(states.values()) == ["retired"]


def test_progress_rises_to_the_number_of_tasks(crm: Crm) -> None:
    seen: list[tuple[float, float | None]] = []
    crm.training.train(["segment", "recommend"], lambda done, total=None, what=None: seen.append((done, total)))
    assert seen[-1] == (2, 2)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_models_of_another_database_do_not_count_as_trained(trained: tuple[Crm, list[str]]) -> None:
    crm, _ = trained
    with crm.database.writing() as connection:
        connection.execute(sa.text("DELETE FROM model_versions"))
    assert not crm.training.is_trained()


def test_a_score_has_an_interval_a_label_and_reasons_that_can_be_said(trained: tuple[Crm, list[str]]) -> None:
    crm, customers = trained
    known = [found for found in map(crm.scores.current, customers) if "segment" in found]
    assert len(known) > 100
    for found in known[:20]:
        intent = found["purchase_intent"]
        assert intent.lower is not None
        assert intent.upper is not None
        assert 0 <= intent.lower <= intent.value <= intent.upper <= 1
        assert intent.label in {"low", "medium", "high"}
        assert found["segment"].label in KEYS
        for reason in (*intent.reasons, *found["segment"].reasons):
            for language in LANGUAGES:
                assert crm_phrases.say(language, f"reason-{reason.code}", **reason.values)


def test_scoring_again_changes_nothing_and_doubles_nothing(trained: tuple[Crm, list[str]]) -> None:
    crm, customers = trained
    with crm.database.reading() as connection:
        before = connection.scalar(sa.select(sa.func.count()).select_from(scores))
    first = crm.scores.current(customers[0])
    crm.scores.score_all()
    with crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(scores)) == before
    assert crm.scores.current(customers[0]) == first


def test_a_group_is_told_in_both_languages_with_its_typical_figures(trained: tuple[Crm, list[str]]) -> None:
    crm, customers = trained
    for language in LANGUAGES:
        view = next(view for who in customers if (view := crm.scores.segment(who, language)))
        assert view.name == crm_phrases.say(language, f"segment-{view.key}-name")
        assert view.profile
    with crm.database.reading() as connection:
        kept = connection.execute(sa.select(segments.c.key, segments.c.size)).all()
    assert len({key for key, _ in kept}) == len(kept)


def test_somebody_new_has_no_scores_and_no_group(trained: tuple[Crm, list[str]]) -> None:
    crm, _ = trained
    stranger = crm.conversations.open("web", "visitor").customer_id
    assert crm.scores.current(stranger) == {}
    assert crm.scores.segment(stranger, "en") is None


def test_scores_of_somebody_who_refuses_profiling_are_not_used(trained: tuple[Crm, list[str]]) -> None:
    crm, customers = trained
    ledger = Ledger(crm)
    ledger.consent(customers[0], False, ledger.now)
    ledger.flush()
    assert crm.scores.current(customers[0]) == {}


def test_each_use_of_a_score_is_on_record(trained: tuple[Crm, list[str]]) -> None:
    crm, customers = trained
    score = crm.scores.current(customers[0])["purchase_intent"]
    conversation = crm.conversations.open("web", "visitor")
    crm.scores.used(score, conversation.id, "greeting")
    with crm.database.reading() as connection:
        row = connection.execute(sa.select(score_uses)).one()
    assert (row.score_id, row.conversation_id, row.purpose) == (score.id, conversation.id, "greeting")


def test_a_model_that_somebody_replaced_is_not_used(trained: tuple[Crm, list[str]]) -> None:
    crm, _ = trained
    artefact = Registry(crm.settings.models).open("segment")
    with crm.database.writing() as connection:
        connection.execute(sa.text("UPDATE model_versions SET sha256 = 'other'"))
    with pytest.raises(ModelDamaged, match=artefact.version):
        crm.scores.score_all()
