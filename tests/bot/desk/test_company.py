"""Colleagues at one conversation see each other, and nobody answers over somebody else unasked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.desk.company import Others
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.errors import Overtaken

Enter = Callable[..., Page]


def test_an_answer_begun_before_a_colleagues_is_asked_about(crm: Crm, shop: Any) -> None:
    ada = shop.hire("Ada")
    talk = shop.talk("hello")
    seq = crm.conversations.take(talk.id, ada.id).last_seq
    crm.conversations.say(talk.id, ada.id, "from the other window", begun_at_seq=seq)
    with pytest.raises(Overtaken) as caught:
        crm.conversations.say(talk.id, ada.id, "late", begun_at_seq=seq)
    assert caught.value.said == "from the other window"
    crm.conversations.say(talk.id, ada.id, "late", begun_at_seq=seq + 1)
    crm.conversations.accept(talk.id, {"text": "a customer's words overtake nobody"})
    crm.conversations.say(talk.id, ada.id, "on", begun_at_seq=seq + 2)


def test_who_is_silent_for_long_is_gone_and_who_stops_writing_still_looks() -> None:
    others, say = Others(), Wording("en", "UTC").say
    for page, agent, what in (
        ("p1", "Lin", "came"),
        ("p2", "Bo", "here"),
        ("p1", "Lin", "writing"),
        ("p3", "Ada", "here"),
    ):
        others.hear({"page": page, "type": what, "agent_id": agent, "name": agent}, 0.0)
    told = [others.words("Ada", at, say) for at in (1.0, 6.0)]
    mine = "You have this open in another window"
    assert told == [f"Lin is writing … · Bo is looking · {mine}", f"Bo, Lin are looking · {mine}"]
    others.hear({"page": "p2", "type": "here", "agent_id": "Bo", "name": "Bo"}, 20.0)
    assert others.words("Ada", 26.0, say) == "Bo is looking"
    others.hear({"page": "p2", "type": "left", "agent_id": "Bo", "name": "Bo"}, 27.0)
    assert others.words("Ada", 27.0, say) == ""


@pytest.mark.browser
def test_colleagues_see_who_looks_and_who_writes_until_they_leave(open_shop: Any, enter: Enter) -> None:
    ada, lin = open_shop.hire("Ada"), open_shop.hire("Lin")
    talk = open_shop.talk("hello")
    open_shop.crm.conversations.take(talk.id, lin.id)
    here = enter(ada, f"/desk?c={talk.id}")
    expect(here.get_by_role("log")).to_contain_text("hello")
    there = enter(lin, f"/desk?c={talk.id}")
    expect(here.get_by_text("Lin is looking")).to_be_visible()
    expect(there.get_by_text("Ada is looking")).to_be_visible()
    there.get_by_role("textbox", name="Message to the customer").press_sequentially("H")
    expect(here.get_by_text("Lin is writing …")).to_be_visible()
    there.goto("about:blank")
    expect(here.get_by_text("Lin is")).to_be_hidden(timeout=15_000)
    open_shop.everybody_leaves()


@pytest.mark.browser
def test_two_windows_of_one_agent_do_not_answer_over_each_other(open_shop: Any, enter: Enter) -> None:
    ada = open_shop.hire("Ada")
    talk = open_shop.talk("hello")
    open_shop.crm.conversations.take(talk.id, ada.id)
    first, second = (enter(ada, f"/desk?c={talk.id}") for _ in range(2))
    boxes = [page.get_by_role("textbox", name="Message to the customer") for page in (first, second)]
    expect(first.get_by_text("You have this open in another window")).to_be_visible()
    boxes[1].press_sequentially("It comes on Monday")
    first.wait_for_timeout(300)
    boxes[0].fill("It comes on Tuesday")
    boxes[0].press("Enter")
    expect(second.get_by_role("log")).to_contain_text("It comes on Tuesday")
    boxes[1].press("Enter")
    asked = second.get_by_role("alertdialog", name="Somebody has answered since you began to write")
    expect(asked).to_contain_text("It comes on Tuesday")
    asked.get_by_role("button", name="Look again first").click()
    expect(boxes[1]).to_have_value("It comes on Monday")
    boxes[1].fill("Monday, as I see now")
    boxes[1].press("Enter")
    expect(first.get_by_role("log")).to_contain_text("Monday, as I see now")
    assert "It comes on Monday" not in str(open_shop.crm.conversations.messages(talk.id))
    open_shop.everybody_leaves()
