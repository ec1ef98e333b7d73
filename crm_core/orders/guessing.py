"""How often an order may be named that cannot be shown to be one's own."""

from __future__ import annotations

from datetime import timedelta

OFFER_PERSON_AFTER = 3
"""After this many failed look-ups the assistant offers a person instead of asking again."""

REFUSE_AFTER = 6
"""After this many, every look-up of the conversation fails, the right one too: numbers cannot be guessed.

As many with one contact, in whichever conversations, and that contact shows no order any more."""

WINDOW = timedelta(hours=1)
"""Failures are forgotten after this time."""
