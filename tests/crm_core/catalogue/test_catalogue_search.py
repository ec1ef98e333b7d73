"""The index over the catalogue."""

from __future__ import annotations

from crm_core.catalogue.search import CatalogueIndex
from crm_core.catalogue.words import content_words, words
from tests.crm_core.shelf import LAMP, MUG, PHONES, POT, SHELF, TENT, product

INDEX = CatalogueIndex([product(*item) for item in SHELF], lambda key: [key, {"kitchen": "厨房用品"}.get(key, key)])


def found(question: str, **limits: int) -> list[str]:
    return [hit.sku for hit in INDEX.search(content_words(question), **limits)]


def test_products_are_found_by_their_titles_in_either_language() -> None:
    assert found("do you have a teapot?")[0] == POT[0]
    assert found("有没有马克杯")[0] == MUG[0]


def test_a_misspelt_word_still_finds_its_product() -> None:
    assert found("teepot") == [POT[0]]
    assert found("headfones") == [PHONES[0]]


def test_a_word_of_the_same_meaning_finds_the_product_even_in_the_other_language() -> None:
    assert found("earbuds") == [PHONES[0]]
    assert LAMP[0] in found("台灯")


def test_a_whole_category_is_found_by_its_name() -> None:
    assert set(found("厨房用品")) == {MUG[0], POT[0]}


def test_limits_of_price_hold() -> None:
    assert found("teapot", max_minor=2000) == []
    assert found("", min_minor=4000, max_minor=9000) == [LAMP[0], PHONES[0]]


def test_what_the_shop_does_not_have_is_not_found() -> None:
    assert found("helicopter") == []
    assert found("直升机") == []


def test_what_is_in_stock_comes_before_what_is_not() -> None:
    twins = [product("A", "Wool Hat", None, "x", 100, 0), product("B", "Wool Hat", None, "x", 100, 5)]
    assert [hit.sku for hit in CatalogueIndex(twins).search(["wool", "hat"])] == ["B", "A"]


def test_the_cheapest_of_what_fits_comes_first_when_asked() -> None:
    hats = [product(f"H{price}", "Wool Hat", None, "x", price, 5) for price in (300, 100, 200)]
    hits = CatalogueIndex([*hats, product("P", "Pen", None, "x", 1, 5)]).search(["hat"], cheapest=True, limit=2)
    assert [hit.sku for hit in hits] == ["H100", "H200"]


def test_colours_of_one_product_do_not_fill_the_answer() -> None:
    mugs = [
        product(f"M{colour}", f"Big Mug, {colour}", None, "x", 100, 5) for colour in ("red", "blue", "green", "grey")
    ]
    other = product("O", "Small Mug", None, "x", 100, 5)
    hits = CatalogueIndex([*mugs, other]).search(["mug"], limit=5)
    assert len(hits) == 3
    assert "O" in {hit.sku for hit in hits}


def test_a_sku_names_its_product() -> None:
    assert [hit.sku for hit in INDEX.named(["tent"])] == [TENT[0]]


def test_the_closest_category_is_known_by_name() -> None:
    assert INDEX.closest_category(content_words("kitchen robot")) == "kitchen"
    assert INDEX.closest_category(content_words("helicopter")) is None


def test_an_empty_catalogue_finds_nothing() -> None:
    empty = CatalogueIndex([])
    assert empty.search(["mug"]) == []
    assert empty.closest_category(["mug"]) is None


def test_plurals_and_traditional_characters_are_one_word_with_their_simple_forms() -> None:
    assert words("Mugs dresses batteries") == ["mug", "dress", "battery"]
    assert words("帳篷") == words("帐篷")


def test_the_frame_of_a_question_is_not_searched_for() -> None:
    assert content_words("Hello, do you have any mugs in stock?") == ["mug"]
    assert "智能" in content_words("有没有智能手表")
