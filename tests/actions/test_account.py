"""The account: only those who are signed in change it, and only what they confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.account import ActionAccountChangeContact, ActionAccountSetContact, ValidateAccountForm
from actions.account_data import (
    ActionAccountAskDelete,
    ActionAccountDelete,
    ActionAccountExport,
    ValidateAccountDeleteForm,
)
from crm_core.errors import Conflict


@dataclass
class FakeCrm:
    """A customer `c1` and what was done for it."""

    verified: bool = True
    taken: bool = False
    kept: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def conversations(self) -> Any:
        return SimpleNamespace(get=lambda id_: SimpleNamespace(id=id_, verified=self.verified, customer_id="c1"))

    @property
    def customers(self) -> Any:
        def set_contact(customer_id: str, **values: str) -> None:
            if self.taken:
                raise Conflict("somebody else's")
            self.kept.append({"customer": customer_id, **values})

        return SimpleNamespace(set_contact=set_contact)

    @property
    def privacy(self) -> Any:
        def request(customer_id: str, kind: str, conversation_id: str) -> str:
            self.asked.append(kind)
            return "PR-1"

        return SimpleNamespace(request=request)


@pytest.mark.parametrize("action", [ActionAccountChangeContact, ActionAccountExport, ActionAccountAskDelete])
def test_a_stranger_is_asked_to_sign_in(action: Any, tracker: Any, dispatcher: Any, perform: Any) -> None:
    perform(action(FakeCrm(verified=False)), tracker("change my email"))
    assert dispatcher.responses == ["utter_account_sign_in"]


def test_a_confirmed_contact_is_kept(tracker: Any, dispatcher: Any, perform: Any) -> None:
    crm = FakeCrm()
    slots = {"account_contact": "mia@example.com", "account_confirmed": True}
    set_slots = perform(ActionAccountSetContact(crm), tracker("yes", slots=slots))
    assert crm.kept == [{"customer": "c1", "source": "chat", "email": "mia@example.com"}]
    assert dispatcher.values("utter_account_contact_changed")["contact"] == "mia@example.com"
    assert set_slots == {"account_contact": None, "account_confirmed": None}


def test_a_refused_change_leaves_everything(tracker: Any, dispatcher: Any, perform: Any) -> None:
    crm = FakeCrm()
    slots = {"account_contact": "mia@example.com", "account_confirmed": False}
    perform(ActionAccountSetContact(crm), tracker("no", slots=slots))
    assert crm.kept == []
    assert dispatcher.responses == ["utter_account_unchanged"]


def test_a_contact_of_somebody_else_is_not_taken(tracker: Any, dispatcher: Any, perform: Any) -> None:
    slots = {"account_contact": "mia@example.com", "account_confirmed": True}
    perform(ActionAccountSetContact(FakeCrm(taken=True)), tracker("yes", slots=slots))
    assert dispatcher.responses == ["utter_account_contact_taken"]


@pytest.mark.parametrize(
    ("answer", "language", "kept"),
    [("Mia@Example.com", "en", "mia@example.com"), ("138 0013 8000", "zh", "+8613800138000")],
)
def test_a_contact_is_brought_into_one_spelling(
    answer: str, language: str, kept: str, tracker: Callable[..., Tracker], perform: Any
) -> None:
    slots = {"language": language, "requested_slot": "account_contact"}
    filled = perform(ValidateAccountForm(FakeCrm()), tracker(answer, slots=slots, loop="account_form"))
    assert (filled["account_contact"], filled["requested_slot"]) == (kept, "account_confirmed")


def test_what_is_no_contact_is_said_to_be_none(tracker: Callable[..., Tracker], dispatcher: Any, perform: Any) -> None:
    conversation = tracker("mia at home", slots={"requested_slot": "account_contact"}, loop="account_form")
    assert perform(ValidateAccountForm(FakeCrm()), conversation)["requested_slot"] == "account_contact"
    assert dispatcher.responses == ["utter_account_contact_wrong"]


def test_an_address_given_instead_of_a_confirmation_replaces_the_first(
    tracker: Callable[..., Tracker], perform: Any
) -> None:
    conversation = tracker(
        "no, i meant sam@example.com",
        intent="deny",
        entities={"email": "sam@example.com"},
        slots={"requested_slot": "account_confirmed", "account_contact": "mia@example.com"},
        loop="account_form",
    )
    filled = perform(ValidateAccountForm(FakeCrm()), conversation)
    assert filled["account_contact"] == "sam@example.com"
    assert filled["account_confirmed"] is None
    assert filled["requested_slot"] == "account_confirmed"


@pytest.mark.parametrize(("answer", "confirmed"), [("yes, delete it", True), ("no don't delete anything", False)])
def test_an_answer_that_repeats_the_wish_is_a_yes_unless_there_is_a_no_in_it(
    answer: str, confirmed: bool, tracker: Callable[..., Tracker], perform: Any
) -> None:
    slots = {"requested_slot": "account_delete_confirmed"}
    conversation = tracker(answer, intent="delete_my_data", slots=slots, loop="account_delete_form")
    assert perform(ValidateAccountDeleteForm(FakeCrm()), conversation)["account_delete_confirmed"] is confirmed


def test_a_confirmed_deletion_is_noted_with_a_reference(tracker: Any, dispatcher: Any, perform: Any) -> None:
    crm = FakeCrm()
    perform(ActionAccountDelete(crm), tracker("yes", slots={"account_delete_confirmed": True}))
    assert crm.asked == ["erase"]
    assert dispatcher.values("utter_account_delete_requested")["reference"] == "PR-1"


def test_an_unconfirmed_deletion_is_not_noted(tracker: Any, dispatcher: Any, perform: Any) -> None:
    crm = FakeCrm()
    perform(ActionAccountDelete(crm), tracker("no", slots={"account_delete_confirmed": False}))
    assert crm.asked == []
    assert dispatcher.responses == ["utter_account_unchanged"]
