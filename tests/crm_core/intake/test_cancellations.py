"""Which line a cancellation takes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_core.intake.cancellations import Line, Matching, match_cancellations

START = datetime(2026, 1, 1, tzinfo=UTC)


def line(name: str, quantity: int, day: int, sku: str = "MUG", cancels: str | None = None) -> Line:
    return Line(name, f"order of {name}", sku, quantity, 500, START + timedelta(days=day), cancels)


def pairs(matching: Matching) -> list[tuple[str, str]]:
    return [(match.cancellation.id, match.purchase.id) for match in matching.matches]


def test_the_line_with_exactly_that_quantity_is_taken_back() -> None:
    lines = [line("six", 6, 1), line("twelve", 12, 2), line("back", -6, 3)]
    matching = match_cancellations(lines)
    assert pairs(matching) == [("back", "six")]
    assert matching.matches[0].exact


def test_the_latest_of_equal_lines_is_taken_back() -> None:
    assert pairs(match_cancellations([line("old", 6, 1), line("new", 6, 2), line("back", -6, 3)])) == [("back", "new")]


def test_a_part_of_a_larger_line_can_be_taken_back() -> None:
    matching = match_cancellations([line("twelve", 12, 1), line("back", -2, 3)])
    assert pairs(matching) == [("back", "twelve")]
    assert not matching.matches[0].exact
    assert matching.taken_back == {"order of twelve": 2}


def test_no_more_is_taken_back_than_was_bought() -> None:
    lines = [line("six", 6, 1), line("back 1", -4, 2), line("back 2", -4, 3)]
    matching = match_cancellations(lines)
    assert pairs(matching) == [("back 1", "six")]
    assert [unmatched.id for unmatched in matching.unmatched] == ["back 2"]


def test_what_was_bought_later_or_is_another_product_is_not_taken_back() -> None:
    lines = [line("later", 6, 5), line("plate", 6, 1, "PLATE"), line("back", -6, 3)]
    assert pairs(match_cancellations(lines)) == []


def test_lines_matched_before_keep_their_match() -> None:
    lines = [line("six", 6, 1), line("done", -6, 2, cancels="six"), line("back", -6, 3)]
    matching = match_cancellations(lines)
    assert pairs(matching) == []
    assert matching.taken_back == {"order of six": 6}
