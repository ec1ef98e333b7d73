"""The public sets are split the same way each time, and no text to judge is learnt."""

from __future__ import annotations

import pytest

from benchmarks.nlu_sets import CLEAN, DATASETS, OUT_OF_SCOPE, SETS, own_examples, smaller

needs_data = pytest.mark.skipif(not DATASETS.is_dir(), reason=f"the public data sets are not in {DATASETS}")
pytestmark = pytest.mark.data


@needs_data
@pytest.mark.parametrize(
    ("name", "folds", "train", "test"),
    [
        ("banking77_10shot", 1, 770, 3_080),
        ("banking77_full", 1, 10_003, 3_080),
        ("clinc150_full", 1, 15_100, 5_500),
        ("smp2019", 1, 2_063, 516),
    ],
)
def test_a_set_has_the_published_size(name: str, folds: int, train: int, test: int) -> None:
    made = SETS[name]()
    assert (len(made.folds), len(made.folds[0].train), len(made.folds[0].test)) == (folds, train, test)


@needs_data
@pytest.mark.parametrize("name", ["dialogflow_zh_support", "dialogflow_zh_smalltalk"])
def test_folds_judge_every_text_once_and_learn_none_that_they_judge(name: str) -> None:
    folds = SETS[name]().folds
    tested = [fold.test[fold.test["kind"] == CLEAN] for fold in folds]
    assert sum(map(len, tested)) == len(folds[0].train) + len(tested[0])
    for fold, test in zip(folds, tested, strict=True):
        assert len(fold.train) + len(test) == sum(map(len, tested))
        assert set(test["intent"]) <= set(fold.train["intent"])


@needs_data
def test_a_set_is_split_the_same_way_each_time() -> None:
    first, second = SETS["smp2019"](), SETS["smp2019"]()
    assert first.folds[0].train.equals(second.folds[0].train)


@needs_data
def test_only_what_a_noise_has_changed_is_judged_and_its_clean_text_is_known() -> None:
    test = SETS["dialogflow_zh_support"]().folds[0].test
    clean = test[test["kind"] == CLEAN].set_index("source")["text"]
    noisy = test[test["kind"] != CLEAN]
    assert len(noisy) > 0
    assert (noisy["text"] != noisy["source"].map(clean)).all()


@needs_data
def test_a_smaller_set_keeps_the_noise_of_the_texts_it_keeps() -> None:
    made = smaller(SETS["dialogflow_zh_support"](), 10)
    test = made.folds[0].test
    assert len(made.folds) == 1
    assert (test["kind"] == CLEAN).sum() == 10
    assert set(test["source"]) == set(test.loc[test["kind"] == CLEAN, "source"])


@needs_data
def test_texts_out_of_scope_are_marked_in_every_part() -> None:
    fold = SETS["clinc150_full"]().folds[0]
    assert fold.validation is not None
    counts = [(part["intent"] == OUT_OF_SCOPE).sum() for part in (fold.train, fold.validation, fold.test)]
    assert counts == [100, 100, 1_000]


def test_our_own_examples_carry_no_marks_of_entities() -> None:
    examples = own_examples()
    assert {"en", "zh"} == {"zh" if any(letter > "\u3000" for letter in text) else "en" for text in examples["text"]}
    assert not examples["text"].str.contains(r"\]\(|\]\{|^- ", regex=True).any()
    assert examples["intent"].nunique() > 20
