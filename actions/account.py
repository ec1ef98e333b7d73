"""A customer's contact data."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.forms import FormValidationAction

from actions.base import CrmAction, Event
from actions.forms_text import plain_answer
from actions.owner import owner
from actions.talk import Talk, language
from crm_core.errors import Conflict, InvalidInput
from crm_core.privacy.identifiers import contact_kind, normalise

FORM = "account_form"


class ValidateAccountForm(FormValidationAction):  # type: ignore[misc]
    """Take an e-mail address or a phone number; another one at the confirmation replaces it."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{FORM}"

    async def extract_account_contact(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Give the address or number in the message, or the whole answer when it was asked for."""
        found = Talk(dispatcher, tracker, None).entities("email", "phone")
        return {"account_contact": found[0]} if found else plain_answer(tracker, "account_contact")

    def validate_account_contact(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Bring it into its one spelling, or say what is wrong with it."""
        try:
            contact = normalise(contact_kind(str(value)), str(value), language(tracker))
        except InvalidInput:
            dispatcher.utter_message(response="utter_account_contact_wrong")
            return {"account_contact": None}
        return {"account_contact": contact}


class ActionAccountChangeContact(CrmAction):
    """Open the form for new contact data, with what the message already holds."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_change_contact"

    def act(self, talk: Talk) -> list[Event]:
        """Only those who are signed in may change their account."""
        owner(talk)
        return [SlotSet("account_contact", None), SlotSet("account_confirmed", None), FollowupAction(FORM)]


class ActionAccountSetContact(CrmAction):
    """Keep the contact that was confirmed."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_set_contact"

    def act(self, talk: Talk) -> list[Event]:
        """Keep it, unless the customer said no or it belongs to somebody else."""
        contact, confirmed = talk.slot("account_contact"), talk.slot("account_confirmed")
        if not confirmed or not contact:
            talk.say("utter_account_unchanged")
        else:
            try:
                talk.crm.customers.set_contact(owner(talk), source="chat", **{contact_kind(contact): contact})
                talk.say("utter_account_contact_changed", contact=contact)
            except Conflict:
                talk.say("utter_account_contact_taken")
        return [SlotSet("account_contact", None), SlotSet("account_confirmed", None)]
