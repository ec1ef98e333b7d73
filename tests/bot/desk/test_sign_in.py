"""Signing in: a plain form that lets only the right people on, and only to our own pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from bot.desk import sign_in
from bot.desk.session import COOKIE, LIFE, Sessions
from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.records.people import SYSTEM, Role


def browser_of(crm: Crm, **settings: int) -> httpx.AsyncClient:
    """Give a browser that does not follow redirects, before an application with only the sign-in page."""
    app = FastAPI()
    sign_in.register(app, crm, crm.settings.model_copy(update=settings))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test")


@pytest.fixture
async def browser(crm: Crm) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before the sign-in page."""
    async with browser_of(crm) as client:
        yield client


def asking_with(token: str | None) -> Request:
    """Make a request as a browser with this session would."""
    headers = [(b"cookie", f"{COOKIE}={token}".encode())] if token else []
    return Request({"type": "http", "headers": headers, "method": "GET", "path": "/desk"})


def form(**values: str) -> dict[str, str]:
    """Fill in the form."""
    return {"email": "ada1@shop.test", "password": "a long enough password", **values}


async def test_the_right_password_opens_a_session_and_leads_on(browser: httpx.AsyncClient, shop: Any) -> None:
    shop.hire("Ada")
    answer = await browser.post("/sign-in", data=form(to="/desk?c=1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?c=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser: httpx.AsyncClient, shop: Any
) -> None:
    shop.hire("Ada")
    answers = [
        await browser.post("/sign-in", data=form(**wrong)) for wrong in ({"password": "x"}, {"email": "ada1@shop.tes"})
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.replace("ada1@shop.test", "") == answers[1].text.replace("ada1@shop.tes", "")
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/desk", "//evil.test/desk", "/\\evil.test", "/desk/../../x", "/docs", "javascript:alert(1)", ""],
)
def test_nobody_is_led_to_an_address_that_is_not_ours(elsewhere: str) -> None:
    assert sign_in.safe_target(elsewhere) == "/desk"


async def test_after_too_many_tries_even_the_right_password_waits(crm: Crm, shop: Any) -> None:
    shop.hire("Ada")
    async with browser_of(crm, sign_ins_per_minute=2) as browser:
        for _ in range(2):
            assert (await browser.post("/sign-in", data=form(password="guess"))).status_code == 401
        assert (await browser.post("/sign-in", data=form())).status_code == 429


async def test_a_form_sent_from_another_site_is_refused(browser: httpx.AsyncClient, shop: Any) -> None:
    shop.hire("Ada")
    answer = await browser.post("/sign-in", data=form(), headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_while_the_database_cannot_be_written_the_page_says_so(
    browser: httpx.AsyncClient, crm: Crm, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> object:
        raise StorageUnavailable("attempt to write a readonly database")

    shop.hire("Ada")
    monkeypatch.setattr(crm.staff, "sign_in", read_only)
    answer = await browser.post("/sign-in", data=form(to="/insights"), headers={"Accept-Language": "zh"})
    assert answer.status_code == 503
    assert "暂时无法登录" in answer.text
    assert 'value="/insights"' in answer.text
    assert "readonly" not in answer.text


async def test_what_was_typed_is_never_taken_for_html(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/sign-in", data=form(email='"><script>alert(1)</script>'))
    assert "<script>alert" not in answer.text


async def test_the_form_speaks_the_browsers_language_or_the_chosen_one(browser: httpx.AsyncClient) -> None:
    assert "登录" in (await browser.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"})).text
    assert "Sign in" in (await browser.get("/sign-in?language=en", headers={"Accept-Language": "zh-CN"})).text


async def test_signing_out_ends_the_session(browser: httpx.AsyncClient, shop: Any) -> None:
    shop.hire("Ada")
    await browser.post("/sign-in", data=form())
    assert COOKIE in browser.cookies
    assert (await browser.post("/sign-out")).headers["location"] == "/sign-in"
    assert COOKIE not in browser.cookies


def test_a_session_ends_with_its_time_the_agents_leave_or_another_secret(crm: Crm, shop: Any, clock: object) -> None:
    ada = shop.hire("Ada")
    sessions = Sessions(crm, crm.settings, clock)  # type: ignore[arg-type]
    token = sessions.token(ada)
    assert sessions.agent(asking_with(token)) == ada
    assert sessions.agent(asking_with(None)) is None
    assert sessions.agent(asking_with(token[:-3] + "abc")) is None
    other = crm.settings.model_copy(update={"session_secret": crm.settings.shop_secret})
    assert Sessions(crm, other, clock).agent(asking_with(token)) is None  # type: ignore[arg-type]
    crm.staff.set_active(ada.id, False, actor=SYSTEM)
    assert sessions.agent(asking_with(token)) is None
    crm.staff.set_active(ada.id, True, actor=SYSTEM)
    clock.now += LIFE + timedelta(seconds=1)  # type: ignore[attr-defined]
    assert sessions.agent(asking_with(token)) is None


def test_a_session_ends_when_the_password_is_changed(crm: Crm, shop: Any) -> None:
    ada = shop.hire("Ada")
    sessions = Sessions(crm, crm.settings)
    token = sessions.token(ada)
    crm.staff.set_language(ada.id, "zh")
    assert sessions.agent(asking_with(token)) is not None
    crm.staff.set_password(ada.id, "another long password", actor=SYSTEM)
    assert sessions.agent(asking_with(token)) is None
    assert sessions.agent(asking_with(sessions.token(ada))) is not None


def test_roles_decide_in_one_place(crm: Crm, shop: Any) -> None:
    ada, max_ = shop.hire("Ada"), shop.hire("Max", Role.MANAGER)
    assert [crm.staff.may(ada, page) for page in ("desk", "insights", "anything")] == [True, False, False]
    assert [crm.staff.may(max_, page) for page in ("desk", "insights", "anything")] == [True, True, False]
