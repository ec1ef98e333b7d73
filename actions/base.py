"""What every action shares: the way to the customer database, and what is said when something goes wrong."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import shared_crm
from actions.talk import Talk
from crm_core.crm import Crm
from crm_core.errors import NotVerified, OrderNotFound, RapportError, StorageUnavailable

Event = dict[str, Any]

APOLOGY = "utter_shared_apology"
RESPONSES: dict[type[RapportError], str] = {
    NotVerified: "utter_account_sign_in",
    OrderNotFound: "utter_order_status_not_found",
}

log = structlog.get_logger(__name__)


class CrmAction(Action, ABC):  # type: ignore[misc]
    """An action that talks to the customer database.

    A subclass gives `name()` and `act()`; the latter reads slots, calls one use case and says one response.

    Args:
        crm: The library; left out, the process's shared one is opened on first use.
    """

    def __init__(self, crm: Crm | None = None) -> None:
        self._crm = crm

    @abstractmethod
    def name(self) -> str:
        """Give the action's name in the domain."""

    @abstractmethod
    def act(self, talk: Talk) -> list[Event]:
        """Do the deed and give the events (slots) that follow from it."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Run `act` beside the event loop, and answer in words whatever goes wrong in it.

        Raises:
            StorageUnavailable: The database is away; the turn is not kept and is tried again.
        """
        talk = Talk(dispatcher, tracker, self._crm)
        return await asyncio.to_thread(self._guarded, talk)

    def _guarded(self, talk: Talk) -> list[Event]:
        try:
            talk.crm = talk.crm or shared_crm()
            return self.act(talk)
        except StorageUnavailable:
            raise  # the assistant answers that the turn failed, and the gateway tries it again
        except tuple(RESPONSES) as error:
            talk.say(next(words for kind, words in RESPONSES.items() if isinstance(error, kind)))
        except Exception:
            log.exception("action failed", action=self.name(), conversation_id=talk.conversation_id)
            talk.say(APOLOGY)
        return []
