"""What shows who a customer is, the strongest first."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.errors import ConversationNotFound, NotAllowed, OrderNotFound
from crm_core.records.identity import Proof, Sureness
from crm_core.records.people import Actor
from tests.crm_core.use_cases.talking import employed
from tests.small_shop import EMAIL, SmallShop

NOBODY = "018f0000-0000-7000-8000-00000000dead"


def test_order_and_contact_then_a_colleague_then_the_token_make_it_surer(any_crm: Crm) -> None:
    shop, mei = SmallShop(any_crm), employed(any_crm, "Mei")
    anna = shop.customer()
    shop.order(customer=anna)
    talk = shop.guest()
    assert any_crm.identity.sureness(talk) == Sureness(Proof.NOTHING)
    with pytest.raises(OrderNotFound):
        any_crm.orders.find(talk, "RP100234", contact="else@example.com")
    assert any_crm.identity.sureness(talk) == Sureness(Proof.NOTHING)
    for _ in range(2):
        any_crm.orders.find(talk, "RP100234", contact=EMAIL)
    assert any_crm.identity.sureness(talk) == Sureness(Proof.ORDER, "RP100234")
    assert [deed.what for deed in any_crm.activity.of_conversation(talk)] == ["order_shown"]
    any_crm.identity.checked(talk, actor=Actor(mei.id, mei.role))
    assert any_crm.identity.sureness(talk) == Sureness(Proof.AGENT, mei.id)
    any_crm.conversations.identify(talk, anna)
    assert any_crm.identity.sureness(talk) == Sureness(Proof.TOKEN)


def test_only_staff_may_say_that_they_have_checked(any_crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        any_crm.identity.checked(SmallShop(any_crm).guest(), actor=Actor("x", "customer"))
    with pytest.raises(ConversationNotFound):
        any_crm.identity.sureness(NOBODY)
