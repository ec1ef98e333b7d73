"""What the law lets people ask about their data: a copy of it, and its erasure."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CrmAction, Event
from actions.confirm_step import ConfirmStep
from actions.forms import CrmForm
from actions.owner import owner
from actions.step import Step
from actions.talk import Talk

DELETE_FORM = "account_delete_form"


class ActionAccountExport(CrmAction):
    """Note the wish for a copy of one's data."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_export"

    def act(self, talk: Talk) -> list[Event]:
        """Note it once; asking again gives the same reference."""
        reference = talk.crm.privacy.request(owner(talk), "export", talk.conversation_id)
        talk.say("utter_account_export_requested", reference=reference)
        return []


class ActionAccountAskDelete(CrmAction):
    """Ask whether the customer really wants to be erased."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_ask_delete"

    def act(self, talk: Talk) -> list[Event]:
        """Only those who are signed in may ask for it."""
        owner(talk)
        return [SlotSet("account_delete_confirmed", None), FollowupAction(DELETE_FORM)]


class ValidateAccountDeleteForm(CrmForm):
    """Have the erasure confirmed."""

    form = DELETE_FORM
    triggers = frozenset({"delete_my_data"})

    def steps(self) -> list[Step]:
        """Ask for nothing but a yes."""
        return [ConfirmStep("account_delete_confirmed")]


class ActionAccountDelete(CrmAction):
    """Note the confirmed wish to be erased."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_account_delete"

    def act(self, talk: Talk) -> list[Event]:
        """Note it, or leave everything as it was."""
        if talk.slot("account_delete_confirmed"):
            reference = talk.crm.privacy.request(owner(talk), "erase", talk.conversation_id)
            talk.say("utter_account_delete_requested", reference=reference)
        else:
            talk.say("utter_account_unchanged")
        return [SlotSet("account_delete_confirmed", None)]
