"""Asking what happened."""

from __future__ import annotations

from typing import Any

from rasa_sdk.forms import FormValidationAction

from actions.forms_text import plain_answer

FORM = "feedback_form"


class ValidateFeedbackForm(FormValidationAction):  # type: ignore[misc]
    """Take the customer's answer as what happened."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{FORM}"

    async def extract_feedback_text(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Give the answer; nothing when the customer says something else instead."""
        return plain_answer(tracker, "feedback_text")
