"""Products are ranked by what others bought together, by likeness, and by what sells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_core.language import LANGUAGES
from crm_core.learning.contract import TooLittleData
from crm_core.phrases import crm_phrases
from crm_core.recommend.learning import fit
from crm_core.recommend.recommender import Recommender
from crm_core.recommend.training import leave_last_basket_out, train

PRODUCTS = pd.DataFrame(
    [
        ("TEA", "kitchen", "Green tea", "绿茶", "Leaves for a pot", None),
        ("POT", "kitchen", "Teapot", "茶壶", "A pot for tea", None),
        ("CUP", "kitchen", "Tea cup", "茶杯", "A cup", None),
        ("BALL", "pets", "Dog ball", "狗狗球", "Rubber toy for dogs", None),
        ("BONE", "pets", "Chew bone", "磨牙骨", "Rubber toy for dogs", None),
        ("LEASH", "pets", "Dog leash", "牵引绳", "For walks", None),
        ("NEW", "pets", "Rubber duck", "橡皮鸭", "Rubber toy for dogs", None),
    ],
    columns=["sku", "category", "title_en", "title_zh", "description_en", "description_zh"],
)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def purchases(customers: int = 60) -> pd.DataFrame:
    """Let customers buy either for the kitchen or for their dogs, two or three baskets each."""
    random = np.random.default_rng(5)
    rows = []
    for number in range(customers):
        shelf = ["TEA", "POT", "CUP"] if number % 2 else ["BALL", "BONE", "LEASH"]
        wanted = random.permutation(shelf)
        for basket, sku in enumerate(wanted[: 2 + number % 2]):
            moment = BEGIN + timedelta(days=int(number) + 20 * basket)
            rows.append((f"c{number}", f"o{number}-{basket}", str(sku), moment))
    return pd.DataFrame(rows, columns=["customer", "order", "sku", "at"])


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return fit(purchases(), PRODUCTS)


def skus(ranked: list[tuple[str, float, str, object]]) -> list[str]:
    return [item[0] for item in ranked]


def test_what_others_bought_together_comes_first_with_its_reason(recommender: Recommender) -> None:
    ranked = recommender.rank(["TEA"], limit=2, exclude=["TEA"])
    assert set(skus(ranked)) == {"POT", "CUP"}
    _, score, policy, reason = ranked[0]
    assert policy == "item-cf"
    assert (reason.code, reason.values) == ("bought_together", {"sku": "TEA"})
    assert 0 < score <= 1


def test_a_product_that_nobody_bought_yet_is_found_by_its_text(recommender: Recommender) -> None:
    ranked = recommender.rank(["BONE"], limit=7, exclude=["BONE"])
    by_sku = {item[0]: item for item in ranked}
    assert by_sku["NEW"][2] == "content"
    assert by_sku["NEW"][3].code == "similar_content"


def test_somebody_without_a_past_is_shown_what_sells(recommender: Recommender) -> None:
    ranked = recommender.rank([], limit=3)
    assert len(ranked) == 3
    assert {item[2] for item in ranked} == {"popularity"}


def test_unknown_products_of_the_past_are_passed_over(recommender: Recommender) -> None:
    assert skus(recommender.rank(["GONE", "TEA"], limit=2, exclude=["TEA"])) == skus(
        recommender.rank(["TEA"], limit=2, exclude=["TEA"])
    )


def test_what_is_excluded_is_never_named(recommender: Recommender) -> None:
    assert not {"POT", "CUP"} & set(skus(recommender.rank(["TEA"], limit=7, exclude={"POT", "CUP"})))


def test_something_like_a_product_is_near_to_it_and_not_the_product_itself(recommender: Recommender) -> None:
    ranked = recommender.rank(["TEA", "POT"], limit=3, context={"like": "BALL"})
    assert "BALL" not in skus(ranked)
    assert set(skus(ranked)[:2]) <= {"BONE", "LEASH", "NEW"}
    assert ranked[0][3].code in {"like_it", "similar_to_it"}


def test_only_the_category_asked_for_is_named(recommender: Recommender) -> None:
    assert set(skus(recommender.rank(["TEA"], limit=9, context={"category": "pets"}))) == {
        "BALL", "BONE", "LEASH", "NEW",
    }  # fmt: skip


def test_a_saved_recommender_ranks_the_same_and_is_plain_data(recommender: Recommender, tmp_path: Path) -> None:
    recommender.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
    assert Recommender.load(tmp_path).rank(["TEA"], limit=5) == recommender.rank(["TEA"], limit=5)


def test_a_catalogue_without_texts_and_sales_still_ranks() -> None:
    bare = PRODUCTS.assign(title_zh=None, description_en=None)
    nothing_sold = purchases().iloc[:0]
    assert len(fit(nothing_sold, bare).rank(["TEA"], limit=9)) == 7


def test_the_hold_out_is_each_customers_last_basket_and_only_what_was_new() -> None:
    lines = purchases()
    rest, cases = leave_last_basket_out(lines)
    assert len(cases) == 60
    assert all(len(case.wanted) == 1 and not set(case.wanted) & set(case.past) for case in cases)
    latest = rest.groupby("customer")["at"].max()
    taken = lines[~lines["order"].isin(rest["order"])].groupby("customer")["at"].min()
    assert (latest < taken).all()


def test_training_beats_popularity_where_tastes_differ() -> None:
    _, card = train(purchases(), PRODUCTS)
    assert card.metrics["ndcg_at_10"] > card.baseline["ndcg_at_10"]
    assert "content_popular" in card.candidates


def test_too_few_purchases_are_refused_with_their_number() -> None:
    with pytest.raises(TooLittleData, match="5 purchases"):
        train(purchases().head(5), PRODUCTS)


def test_customers_who_never_come_back_are_nothing_to_learn_from() -> None:
    once = purchases(200).groupby("customer").head(1)
    with pytest.raises(TooLittleData, match="came back"):
        train(once, PRODUCTS)


def test_every_reason_has_words_in_both_languages(recommender: Recommender) -> None:
    asked = [
        recommender.rank(past, limit=7, context=context) for past in ([], ["TEA"]) for context in ({}, {"like": "BALL"})
    ]
    for _, _, _, reason in [item for ranked in asked for item in ranked]:
        for language in LANGUAGES:
            assert crm_phrases.say(language, f"reason-{reason.code}", **reason.values)
