"""The daily table as a file for spreadsheets."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from bot.desk.session import Sessions
from bot.desk.sign_in import sign_in_address
from bot.insights.range import period_of
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.reports.definitions import ENDINGS
from crm_core.reports.records import DayRow, Overview
from crm_core.reports.shares import percentages
from crm_core.reports.spreadsheet import to_csv
from crm_core.settings import Settings

PATH = "/insights/daily.csv"
COLUMNS = ("day", "conversations", *ENDINGS, "handed_off", *(f"{ending}_percent" for ending in ENDINGS))


def register(app: FastAPI, crm: Crm, settings: Settings) -> None:
    """Add the download to the application; it is for those who may see the insights."""
    sessions = Sessions(crm, settings)
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def download(request: Request) -> Response:
        agent = await asyncio.to_thread(sessions.agent, request)
        if agent is None:
            return RedirectResponse(sign_in_address("/insights"), status_code=303)
        if not crm.staff.may(agent, "insights"):
            raise NotAllowed("the insights are not for this role")
        period = period_of(crm, request.query_params)
        table = daily_table(await asyncio.to_thread(crm.reports.overview, period))
        name = f"rapport-{period.first.isoformat()}-{period.last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(table, media_type="text/csv; charset=utf-8", headers=headers)

    app.include_router(router)


def daily_table(overview: Overview) -> bytes:
    """Write one line per day, with the shares that sum to 100."""
    return to_csv(COLUMNS, [_line(day) for day in overview.days])


def _line(day: DayRow) -> list[str | int | float]:
    shares = percentages(day.endings)
    counts = [day.endings[ending] for ending in ENDINGS]
    return [day.day.isoformat(), day.total, *counts, day.handed_off, *(shares[ending] for ending in ENDINGS)]
