"""The managers' pages without a browser: who may download, what is in the file, what is better than the baseline."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.desk.session import COOKIE, Sessions
from bot.gateway import errors
from bot.insights import export
from bot.insights.range import period_of
from bot.insights.tables import _numbers, _verdict
from crm_core.crm import Crm
from crm_core.records.people import Role
from crm_core.reports.records import DayRow, FirstWait, Overview


@pytest.fixture
def pages(crm: Crm) -> FastAPI:
    """An application with only the download."""
    app = FastAPI()
    errors.install(app)
    export.register(app, crm, crm.settings)
    return app


async def download(app: FastAPI, token: str = "") -> httpx.Response:
    """Ask for the file with a session."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", cookies={COOKIE: token}) as client:
        return await client.get(export.PATH)


async def test_the_file_is_for_managers_only(crm: Crm, pages: FastAPI, shop: Any) -> None:
    sessions = Sessions(crm, crm.settings)
    stranger = await download(pages)
    agent = await download(pages, sessions.token(shop.hire("Ada")))
    manager = await download(pages, sessions.token(shop.hire("Max", Role.MANAGER)))
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in?to=%2Finsights")
    assert agent.status_code == 403
    assert manager.status_code == 200
    assert manager.headers["content-type"] == "text/csv; charset=utf-8"


def test_each_line_of_the_file_sums_up() -> None:
    endings = {"solved_by_bot": 1, "solved_by_person": 1, "abandoned": 1, "open": 0}
    table = export.daily_table(Overview([DayRow(date(2026, 3, 2), endings, 2)], FirstWait(1, 1, 30.0, 30)))
    header, line = table.decode("utf-8-sig").splitlines()
    cells = dict(zip(header.split(","), line.split(","), strict=True))
    assert cells["day"] == "2026-03-02"
    assert int(cells["conversations"]) == sum(int(cells[ending]) for ending in endings)
    assert sum(float(cells[f"{ending}_percent"]) for ending in endings) == pytest.approx(100)


@pytest.mark.parametrize(
    "query", [{}, {"from": "x", "to": "y"}, {"from": "2026-03-02"}, {"from": "2026-03-02", "to": "2026-03-01"}]
)
def test_an_address_that_makes_no_sense_shows_the_last_thirty_days(crm: Crm, query: dict[str, str]) -> None:
    period = period_of(crm, query)
    assert (period.first, period.last) == (date(2026, 2, 1), date(2026, 3, 2))


def test_today_is_today_where_the_shop_is(crm: Crm, clock: Any) -> None:
    clock.now = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    there = Crm(crm.settings.model_copy(update={"timezone": "Asia/Shanghai"}), clock)
    assert there.reports.today() == date(2026, 3, 3)
    there.close()


@pytest.mark.parametrize(
    ("metric", "ours", "baseline", "verdict"),
    [
        ("auc", 0.87, 0.70, "better"),
        ("auc", 0.60, 0.70, "worse"),
        ("ece", 0.02, 0.05, "better"),
        ("test log_loss", 0.5, 0.4, "worse"),
        ("auc", 0.7, 0.7, ""),
        ("auc", 0.7, None, ""),
    ],
)
def test_a_model_is_better_where_its_metric_says_so(
    metric: str, ours: float, baseline: float | None, verdict: str
) -> None:
    assert _verdict(metric, ours, baseline) == verdict


def test_metrics_within_metrics_are_shown_by_their_path() -> None:
    nested = {"en": {"macro_f1": 0.9}, "rows": 10, "note": "text", "ok": True}
    assert _numbers(nested) == {"en macro_f1": 0.9, "rows": 10.0}
