"""The sentences of the gateway, the shop page, the desk and the insights."""

from __future__ import annotations

from pathlib import Path

from crm_core.phrases import Phrases

bot_phrases = Phrases(Path(__file__).parent / "locales")
