"""A customer's contact data."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CrmAction, Event
from actions.confirm_step import ConfirmStep
from actions.filling import Filling
from actions.forms import CrmForm
from actions.owner import owner
from actions.step import Step
from actions.talk import Talk
from crm_core.errors import Conflict, InvalidInput
from crm_core.privacy.identifiers import contact_kind, normalise

FORM = "account_form"
CONTACT, CONFIRMED = "account_contact", "account_confirmed"


class ContactStep(Step):
    """The new e-mail address or phone number."""

    slots = (CONTACT,)

    def read(self, filling: Filling) -> bool:
        """Take the address or number in the message, brought into its one spelling."""
        named = filling.talk.entities("email", "phone")
        contact = _contact(named[-1] if named else filling.talk.text, filling.talk.language)
        if contact and (named or filling.asked == CONTACT):
            filling.put(CONTACT, contact)
            filling.renewed = None if filling.opens else CONTACT
        return contact is not None and filling.get(CONTACT) == contact

    def missing(self, filling: Filling) -> str | None:
        """Ask until there is one."""
        return CONTACT if filling.get(CONTACT) is None else None

    def hint(self, filling: Filling) -> None:
        """Say what is wrong with it."""
        filling.talk.say("utter_account_contact_wrong")


class ValidateAccountForm(CrmForm):
    """Take an e-mail address or a phone number; another one at the confirmation replaces it."""

    form = FORM
    triggers = frozenset({"change_contact_data"})

    def steps(self) -> list[Step]:
        """Ask for the contact and a yes."""
        return [ContactStep(), ConfirmStep(CONFIRMED)]


class ActionAccountChangeContact(CrmAction):
    """Open the form for new contact data, with what the message already holds."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_change_contact"

    def act(self, talk: Talk) -> list[Event]:
        """Only those who are signed in may change their account."""
        owner(talk)
        return [SlotSet(CONTACT, None), SlotSet(CONFIRMED, None), FollowupAction(FORM)]


class ActionAccountSetContact(CrmAction):
    """Keep the contact that was confirmed."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_set_contact"

    def act(self, talk: Talk) -> list[Event]:
        """Keep it, unless the customer said no or it belongs to somebody else."""
        contact, confirmed = talk.slot(CONTACT), talk.slot(CONFIRMED)
        if not confirmed or not contact:
            talk.say("utter_account_unchanged")
        else:
            try:
                talk.crm.customers.set_contact(owner(talk), source="chat", **{contact_kind(contact): contact})
                talk.say("utter_account_contact_changed", contact=contact)
            except Conflict:
                talk.say("utter_account_contact_taken")
        return [SlotSet(CONTACT, None), SlotSet(CONFIRMED, None)]


def _contact(text: str, language: str) -> str | None:
    try:
        return normalise(contact_kind(text), text, language)
    except InvalidInput:
        return None
