"""An open page: every look and every deed asks again whether the person may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request

from bot.desk.frame import Visit
from bot.desk.session import COOKIE, Sessions
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed, StorageUnavailable
from crm_core.records.people import SYSTEM, Agent


class Told(Visit):
    """A visit whose notices and scripts are kept instead of shown."""

    told: list[str] = []  # noqa: RUF012

    def script(self, code: str) -> None:
        self.told.append(code)

    def notify(self, words: str, _kind: str) -> None:
        self.told.append(words)


class Browser:
    """As much of NiceGUI's client as a visit needs."""

    is_deleted = False

    def __init__(self, token: str) -> None:
        headers = [(b"cookie", f"{COOKIE}={token}".encode()), (b"host", b"desk.test")]
        scope = {"type": "http", "method": "GET", "path": "/desk", "query_string": b"", "headers": headers}
        self.request = Request(scope)


@pytest.fixture
def ada(shop: Any) -> Agent:
    """An agent."""
    agent: Agent = shop.hire("Ada")
    return agent


@pytest.fixture
def visit(crm: Crm, ada: Agent) -> Visit:
    """The agent's open page."""
    Told.told = []
    sessions = Sessions(crm, crm.settings)
    browser: Any = Browser(sessions.token(ada))
    return Told(crm, sessions, ada, Wording("en", "UTC"), browser, "desk")


def fails_with(error: Exception) -> Callable[[], None]:
    """Make a call that fails."""

    def call() -> None:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Conflict("taken"), "somebody else has it"),
        (NotAllowed("no"), "You cannot do this here"),
        (StorageUnavailable("locked"), "Nothing was changed"),
        (InvalidInput("text", "", "is empty"), "is empty"),
    ],
)
async def test_whatever_refuses_a_deed_is_told_in_words(visit: Visit, error: Exception, words: str) -> None:
    assert await visit.deed(fails_with(error)) is None
    assert words in Told.told[0]


async def test_who_was_switched_off_reads_nothing_does_nothing_and_is_sent_to_sign_in(
    crm: Crm, visit: Visit, ada: Agent
) -> None:
    done: list[int] = []
    assert await visit.read(lambda: 1) == 1
    crm.staff.set_active(ada.id, False, actor=SYSTEM)
    assert await visit.deed(done.append, 1) is None
    with pytest.raises(NotAllowed):
        await visit.read(done.append, 2)
    assert done == []
    assert all("/sign-in?to=%2Fdesk" in code for code in Told.told)
