"""Words of the staff pages: in both languages, and never without words for what the program can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.desk.why import _plain, _step_name
from bot.desk.wording import Wording
from bot.phrases import bot_phrases
from crm_core.records.conversations import Outcome, Owner
from crm_core.records.people import Reason
from crm_core.records.shop import Money
from crm_core.reports.definitions import ENDINGS, FIGURES

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_that_can_be_named_has_a_name(language: str) -> None:
    known = bot_phrases.keys(language)
    wanted = {f"figure-{figure}".replace("_", "-") for figure in FIGURES}
    wanted |= {f"figure-{figure}-definition".replace("_", "-") for figure in FIGURES}
    wanted |= {f"ending-{ending}".replace("_", "-") for ending in (*ENDINGS, *Outcome)}
    wanted |= {f"desk-owner-{owner}" for owner in (Owner.BOT, Owner.QUEUE)}
    wanted |= {f"desk-compose-{owner}" for owner in Owner}
    wanted |= {
        f"order-status-{one}" for one in ["placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned"]
    }
    wanted |= {f"offer-event-{one}" for one in ["none", "seen", "click", "cart", "buy", "reject"]}
    events = "handoff-requested handoff-cancelled agent-joined agent-left handed-back closed"
    wanted |= {f"system-{one}" for one in events.split()}
    assert wanted - known == set()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("section", "kind"), [("intents", "intent"), ("slots", "slot")])
def test_whatever_a_trace_may_tell_of_has_a_name(language: str, section: str, kind: str) -> None:
    words = Wording(language, "UTC")
    files = (ROOT / "bot" / "assistant" / "domain").glob("*.yml")
    domain = [(yaml.safe_load(path.read_text("utf-8")) or {}).get(section) or [] for path in files]
    names = [next(iter(one)) if isinstance(one, dict) else one for part in domain for one in part]
    assert len(names) > 20
    assert [name for name in names if not words.knows(kind, name)] == []
    policies = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["policies"]
    assert all(words.knows("policy", policy["name"].rpartition(".")[2]) for policy in policies)


def test_moments_are_written_in_the_shops_time_zone_and_the_readers_language() -> None:
    assert Wording("en", "Asia/Shanghai").moment(NOON) == "2 Mar 2026, 20:00"
    assert Wording("zh", "Asia/Shanghai").moment(NOON) == "2026年3月2日 20:00"
    words = Wording("en", "UTC")
    assert words.when(NOON, NOON + timedelta(hours=1)) == "12:00"
    assert words.when(NOON, NOON + timedelta(days=1)) == "2 Mar"


def test_money_and_spans_are_written_as_people_write_them() -> None:
    assert Wording("en", "UTC").money(Money(129050, "USD")) == "$1,290.50"
    assert Wording("zh", "UTC").money(Money(8800, "CNY")) == "¥88.00"
    assert Wording("en", "UTC").money(Money(1200, "JPY")) == "¥1,200"
    assert (Wording("en", "UTC").span(45), Wording("zh", "UTC").span(180)) == ("45 seconds", "3分钟")


def test_a_code_without_words_is_shown_as_words_and_not_as_an_error() -> None:
    words = Wording("en", "UTC")
    assert words.name("intent", "ask_the_moon") == "Ask the moon"
    assert words.name("intent", None) == "Unknown"
    assert words.reason(Reason("something_new", 1.0)) == "something new"
    assert words.segment("unheard_of") == "unheard of"


def test_the_trace_reads_as_words() -> None:
    words = Wording("en", "UTC")
    assert _step_name("utter_order_status_shipped", words).startswith("says: ")
    assert _step_name("order_status_form", words).startswith("asks: ")
    assert _step_name("action_order_status_show", words).startswith("does: ")
    assert _plain({"number": "RP-1", "open": True, "cards": [], "value": 0.1234}, words) == (
        "Number: RP-1, Open: yes, Cards: nothing, Value: 0.123"
    )
