"""Transcripts: the customer's link opens their conversation and nothing else; the agent's file needs a session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.desk import transcript
from bot.desk.labels import send_transcript
from bot.desk.session import COOKIE, Sessions
from bot.desk.transcript import LIFE, Links
from crm_core.crm import Crm
from crm_core.errors import NotAllowed
from crm_core.records.people import SYSTEM


@pytest.fixture
async def browser(crm: Crm) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before an application with only the transcripts."""
    app = FastAPI()
    transcript.register(app, crm, crm.settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
        yield client


@pytest.fixture
def talk(crm: Crm, shop: Any) -> Any:
    """A conversation with everything that must not come out, and what must be escaped."""
    ada = shop.hire("Ada")
    conversation = shop.talk("<script>alert(1)</script>\nmy lamp")
    crm.conversations.take(conversation.id, ada.id)
    crm.conversations.say(conversation.id, ada.id, "Look at this", cards=[{"title": "Teapot", "price": "$25.90"}])
    crm.notes.add(conversation.id, "a difficult one", actor=crm.staff.actor(ada))
    return conversation


async def test_the_link_opens_the_conversation_escaped_and_without_notes(
    browser: httpx.AsyncClient, crm: Crm, talk: Any
) -> None:
    answer = await browser.get(Links(crm.settings).make(talk.id)[0])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nmy lamp" in answer.text
    for said in ("Bot on:", "Look at this", "Teapot · $25.90", "Ada", "Taken over by a person"):
        assert said in answer.text
    assert "difficult" not in answer.text
    assert "<script" not in answer.text


async def test_the_page_is_in_the_conversations_language_or_the_other(
    browser: httpx.AsyncClient, crm: Crm, talk: Any
) -> None:
    crm.conversations.set_language(talk.id, "zh")
    path, _ = Links(crm.settings).make(talk.id)
    assert 'lang="zh"' in (await browser.get(path)).text
    english = await browser.get(path, params={"language": "en"})
    assert "Conversation of" in english.text


async def test_no_other_link_opens_it(browser: httpx.AsyncClient, crm: Crm, talk: Any) -> None:
    ada = next(agent for agent in crm.staff.list())
    expired = Links(crm.settings, lambda: talk.opened_at - LIFE - timedelta(seconds=1)).make(talk.id)[0]
    path, _ = Links(crm.settings).make(talk.id)
    changed = path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1]
    for wrong in (expired, changed, f"/transcript/{talk.id}", f"/transcript/{Sessions(crm, crm.settings).token(ada)}"):
        answer = await browser.get(wrong)
        assert (answer.status_code, "my lamp" in answer.text) == (404, False)
        assert "does not open anything" in answer.text


async def test_an_erased_conversation_opens_no_more(browser: httpx.AsyncClient, crm: Crm, talk: Any) -> None:
    path, _ = Links(crm.settings).make(talk.id)
    crm.privacy.erase(talk.customer_id, actor=SYSTEM)
    assert (await browser.get(path)).status_code == 404


async def test_only_the_person_who_has_the_conversation_sends_the_link(
    browser: httpx.AsyncClient, crm: Crm, talk: Any, shop: Any
) -> None:
    ada = crm.staff.get(str(crm.conversations.get(talk.id).agent_id))
    with pytest.raises(NotAllowed):
        send_transcript(crm, talk.id, crm.staff.actor(shop.hire("Bo")), "https://chat.shop.test/")
    crm.conversations.set_language(talk.id, "zh")
    sent = send_transcript(crm, talk.id, crm.staff.actor(ada), "https://chat.shop.test/")
    link = str(sent.body["text"]).split("：")[-1]
    assert link.startswith("https://chat.shop.test/transcript/")
    assert (await browser.get(link.removeprefix("https://chat.shop.test"))).status_code == 200
    assert crm.activity.of_conversation(talk.id)[0].what == "transcript_sent"


async def test_an_agent_downloads_a_file_of_its_own_and_that_is_kept(
    browser: httpx.AsyncClient, crm: Crm, talk: Any
) -> None:
    path = f"/desk/transcript/{talk.id}"
    stranger = await browser.get(path)
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in?to=%2Fdesk")
    ada = crm.staff.get(str(crm.conversations.get(talk.id).agent_id))
    browser.cookies.set(COOKIE, Sessions(crm, crm.settings).token(ada))
    answer = await browser.get(path)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "<style>" in answer.text
    assert "my lamp" in answer.text
    assert "difficult" not in answer.text
    assert crm.activity.of_conversation(talk.id)[0].what == "transcript_downloaded"
    assert [entry.action for entry in crm.staff.accesses(talk.customer_id, actor=SYSTEM)] == ["transcript_downloaded"]
    assert (await browser.get("/desk/transcript/018f0000-0000-7000-8000-00000000dead")).status_code == 404
