"""What agents put on conversations: tags in one spelling, and until when one is laid aside."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm_core.errors import InvalidInput

LONGEST_TAG = 40
_GAPS = re.compile(r"\s+")
_MORNING = time(9)


class Snooze(StrEnum):
    """Until when a conversation is laid aside."""

    HOUR = "hour"
    FOUR_HOURS = "four_hours"
    TOMORROW = "tomorrow"  # in the morning
    NEXT_WEEK = "next_week"  # on Monday morning


def tidy_tag(tag: str) -> str:
    """Give a tag in its one spelling: small letters, single spaces, without the sign it may be typed with.

    Raises:
        InvalidInput: Nothing is left, or it is too long.
    """
    plain = unicodedata.normalize("NFKC", tag).strip().lstrip("#").lower()
    tidy = _GAPS.sub(" ", plain).strip()
    if not 0 < len(tidy) <= LONGEST_TAG:
        raise InvalidInput("tag", tag, f"has not between 1 and {LONGEST_TAG} characters")
    return tidy


def snoozed_until(choice: Snooze, now: datetime, timezone: str) -> datetime:
    """Give the moment at which a conversation comes back.

    Args:
        choice: What was chosen.
        now: The present moment.
        timezone: IANA name of the zone in which it is morning.
    """
    if choice is Snooze.HOUR:
        return now + timedelta(hours=1)
    if choice is Snooze.FOUR_HOURS:
        return now + timedelta(hours=4)
    local = now.astimezone(ZoneInfo(timezone))
    days = 1 if choice is Snooze.TOMORROW else 7 - local.weekday()
    return datetime.combine(local.date() + timedelta(days=days), _MORNING, ZoneInfo(timezone)).astimezone(now.tzinfo)
