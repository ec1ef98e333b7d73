"""The words for the codes in an import's report."""

from __future__ import annotations

from crm_core.phrases import crm_phrases


def reason_words(language: str, code: str) -> str:
    """Say why a row was rejected."""
    return crm_phrases.say(language, f"intake-reason-{_key(code)}")


def repair_words(language: str, code: str) -> str:
    """Say what was mended: the code is `<field>_dropped` or `<kind>_mended`."""
    what, _, deed = code.rpartition("_")
    return crm_phrases.say(language, f"intake-repair-{deed}", what=what)


def note_words(language: str, code: str) -> str:
    """Say what is worth telling."""
    return crm_phrases.say(language, f"intake-note-{_key(code)}")


def issue_words(language: str, check: str) -> str:
    """Say what a check of the quality log found."""
    return repair_words(language, check) if check.endswith("_mended") else reason_words(language, check)


def words(language: str, group: str, code: str) -> str:
    """Say what a code of a group (`rejected`, `repaired`, `notes`) of a report means."""
    return {"rejected": reason_words, "repaired": repair_words, "notes": note_words}[group](language, code)


def _key(code: str) -> str:
    return code.replace("_", "-")
