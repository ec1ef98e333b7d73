"""The rules of order lines: what is a sale, what a cancellation, what a fee and what is none of them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crm_core.intake.chunks import Chunk
from crm_core.intake.mapping import OrderRules
from crm_core.intake.refining import Refined, Refiner
from crm_core.intake.report import ImportReport

CANCELS = "_cancels"
FEE = "_fee"
_NOT_SALE = "_not_sale"


Rule = tuple[str, str, Callable[[pd.DataFrame], "pd.Series[bool]"]]
_RULES: tuple[Rule, ...] = (
    ("sku", "missing", lambda frame: frame["sku"].isna()),
    ("quantity", "missing", lambda frame: frame["quantity"].isna()),
    ("unit_price", "missing", lambda frame: frame["unit_price"].isna()),
    ("sku", "not_a_sale", lambda frame: frame[_NOT_SALE]),
    ("quantity", "quantity_zero", lambda frame: frame["quantity"] == 0),
    ("quantity", "stock_adjustment", lambda frame: (frame["quantity"] < 0) & ~frame[CANCELS]),
    ("quantity", "cancellation_adds", lambda frame: (frame["quantity"] > 0) & frame[CANCELS]),
    ("unit_price", "price_negative", lambda frame: frame["unit_price"] < 0),
    ("unit_price", "price_zero", lambda frame: frame["unit_price"] == 0),
)


def check_lines(chunk: Chunk, refined: Refined, refiner: Refiner, rules: OrderRules) -> None:
    """Reject the lines that are no sale, and mark cancellations (`_cancels`) and fees (`_fee`) in the frame."""
    frame = refined.frame = refined.frame.copy()
    frame[CANCELS] = _begins(frame["number"], rules.cancellation_prefix)
    if "sku" not in frame:
        return
    frame[FEE] = frame["sku"].isin(list(rules.fees))
    frame[_NOT_SALE] = frame["sku"].isin(list(rules.not_sales))
    for column, reason, broken in _RULES:
        mask = broken(refined.frame).astype(bool)
        if mask.any():
            refiner.reject_where(chunk, refined, mask, column, reason)


def count_lines(frame: pd.DataFrame, report: ImportReport) -> None:
    """Count what is worth telling of the lines that are taken."""
    if FEE not in frame:
        return
    report.note("fee_line", int(frame[FEE].sum()))
    report.note("cancellation_line", int(frame[CANCELS].sum()))
    if "customer_number" in frame:
        report.note("guest_line", int(frame["customer_number"].isna().sum()))
    twice = frame.duplicated(["number", "sku", "quantity", "unit_price"])
    report.note("repeated_line", int(twice.sum()))


def _begins(numbers: pd.Series[str], prefix: str) -> pd.Series[bool]:
    if not prefix:
        return pd.Series(False, index=numbers.index)
    return pd.Series([str(number).startswith(prefix) for number in numbers], index=numbers.index, dtype=bool)
