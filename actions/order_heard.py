"""Order numbers and contacts as they are heard in a form, and what is said to those that lead nowhere."""

from __future__ import annotations

from actions.filling import Filling
from actions.meanings import offer
from crm_core.errors import InvalidInput
from crm_core.orders.addresses import find_address
from crm_core.orders.guessing import OFFER_PERSON_AFTER
from crm_core.orders.numbers import find_number, read_number

NUMBER, CONTACT = "order_number", "contact"


def number_in(filling: Filling) -> str | None:
    """Give the order number in the message, the last one where there are several."""
    talk = filling.talk
    named = talk.entities(NUMBER)
    if named and named[-1].isdigit() and _later(filling) and find_address(talk.text):
        filling.restore(NUMBER)  # a postcode
        return None
    asked = filling.asked == NUMBER and not talk.pressed
    try:
        return read_number(named[-1]) if named else find_number(talk.text) if asked else None
    except InvalidInput:
        return None


def contact_in(filling: Filling) -> str | None:
    """Give the e-mail address or phone number in the message; once the order is found it proves nothing more."""
    named = filling.talk.entities("email", "phone")
    if named and _later(filling):
        filling.restore(CONTACT)
        return None
    return named[-1] if named else None


def _later(filling: Filling) -> bool:
    return filling.asked not in (NUMBER, CONTACT, None)


def ask_anew(filling: Filling, slot: str) -> str:
    """Say what is wrong with a number or a contact, and give the slot to ask for."""
    filling.talk.say(f"utter_order_status_{slot}_hint")
    filling.put(slot, None)
    return slot


def not_found(filling: Filling) -> str:
    """Say the one answer to what is unknown or not theirs; after some tries offer a person and end the form."""
    if filling.opens and not filling.verified and not contact_in(filling):
        filling.put(CONTACT, None)  # one that was given for something else
        return CONTACT
    filling.put(NUMBER, None)
    filling.put(CONTACT, None)
    failures = filling.talk.crm.orders.failures(filling.talk.conversation_id)
    if failures >= OFFER_PERSON_AFTER:
        filling.talk.say("utter_order_status_gave_up")
        filling.stop(*offer("request_person"))
    else:
        again = "_again" if failures > 1 else ""
        filling.talk.say(f"utter_order_status_not_found{again}")
    return NUMBER
