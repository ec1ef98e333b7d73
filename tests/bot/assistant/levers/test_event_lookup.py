"""The quicker look-up of events gives what Rasa's own gives."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.utils.common import all_subclasses

from bot.assistant.levers import event_lookup


@pytest.mark.parametrize("name", sorted({kind.type_name for kind in all_subclasses(Event) if kind.type_name}))
def test_every_event_is_found_first_and_again(name: str) -> None:
    stock = event_lookup._rasas_own(name)
    assert [event_lookup.event_class(name), event_lookup.event_class(name)] == [stock, stock]


def test_an_unknown_name_is_an_error_or_the_default() -> None:
    with pytest.raises(ValueError, match="Unknown event name 'nonsense'"):
        event_lookup.event_class("nonsense")
    assert event_lookup.event_class("nonsense", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="Unknown event name 'nonsense'"):
        event_lookup.event_class("nonsense")
    assert event_lookup.event_class("topic") is None


def test_it_can_be_put_into_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(event_lookup._rasas_own))
    event_lookup.install()
    assert Event.from_parameters({"event": "slot", "name": "a", "value": 1}) == SlotSet("a", 1)
    assert Event.resolve_by_type is event_lookup.event_class
