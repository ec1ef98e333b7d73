"""Who else has the same conversation before them, and whether they are writing: told between the open pages.

Every page says now and again that it is there; one that is silent for a while, or says goodbye, is gone. Nothing kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import background_tasks, ui

from bot.desk.frame import Visit
from bot.desk.parts import text
from bot.gateway.push import Event, Hub
from crm_core.clock import new_id

_BEAT_SECONDS = 10.0
_GONE_SECONDS = 25.0  # after this without news a page is closed, its browser asleep or its gateway dead
_WRITING_SECONDS = 5.0


def company_topic(conversation_id: str) -> str:
    """Give the topic on which the pages of a conversation tell each other; customers' lines do not listen to it."""
    return f"company:{conversation_id}"


@dataclass(slots=True)
class _Other:
    """Another page on the same conversation; moments are seconds that only grow."""

    agent_id: str
    name: str
    heard: float
    writing_until: float = 0.0


class Others:
    """The other pages on a conversation, as far as they have told."""

    def __init__(self) -> None:
        self._pages: dict[str, _Other] = {}

    def clear(self) -> None:
        """Forget all."""
        self._pages.clear()

    def hear(self, event: Event, at: float) -> None:
        """Take in what another page tells at a moment."""
        page = str(event["page"])
        if event["type"] == "left":
            self._pages.pop(page, None)
            return
        other = self._pages.setdefault(page, _Other(event["agent_id"], event["name"], at))
        other.heard = at
        if event["type"] == "writing":
            other.writing_until = at + _WRITING_SECONDS

    def words(self, me: str, at: float, say: Callable[..., str]) -> str:
        """Say who else is here at a moment; nobody is nothing.

        Args:
            me: The agent whose own pages are no colleagues.
            at: The moment.
            say: Gives a sentence.
        """
        self._pages = {page: other for page, other in self._pages.items() if at - other.heard < _GONE_SECONDS}
        others = [other for other in self._pages.values() if other.agent_id != me]
        writing = sorted({other.name for other in others if other.writing_until > at})
        looking = sorted({other.name for other in others} - set(writing))
        said = [say("company-writing", names=", ".join(writing), count=len(writing))] if writing else []
        said += [say("company-looking", names=", ".join(looking), count=len(looking))] if looking else []
        if len(others) < len(self._pages):
            said.append(say("company-myself"))
        return " · ".join(said)


class Company:
    """The line that says who else is here.

    Args:
        visit: The open page.
        hub: Carries what the pages tell each other, also between gateways.
    """

    def __init__(self, visit: Visit, hub: Hub) -> None:
        self._visit = visit
        self._hub = hub
        self._now = asyncio.get_running_loop().time
        self._page = new_id()
        self._conversation_id: str | None = None
        self._others = Others()
        self._listener: asyncio.Task[None] | None = None
        self._element = text("", "company chip chip-warn", aria_live="polite")
        self._element.set_visibility(False)
        ui.timer(_BEAT_SECONDS, self.beat)
        visit.client.on_delete(self.leave)

    def join(self, conversation_id: str) -> None:
        """Be at a conversation from now on, and no more at the one before."""
        if conversation_id == self._conversation_id:
            return
        self.leave()
        self._conversation_id = conversation_id
        self._listener = background_tasks.create(self._listen(conversation_id), name="desk company")
        self._show()

    def leave(self) -> None:
        """Tell the others that this page is gone."""
        if self._listener is not None:
            self._listener.cancel()
            self._listener = None
        self._tell("left")
        self._others.clear()
        self._conversation_id = None

    def beat(self) -> None:
        """Tell the others that this page is there, and forget those who have been silent."""
        self._tell("here")
        self._show()

    def writes(self) -> None:
        """Tell the others that somebody is writing here."""
        self._tell("writing")

    def _tell(self, what: str) -> None:
        if self._conversation_id is not None:
            agent = self._visit.agent
            event = {"type": what, "page": self._page, "agent_id": agent.id, "name": agent.name}
            self._hub.publish(company_topic(self._conversation_id), event)

    async def _listen(self, conversation_id: str) -> None:
        with self._hub.subscribe(company_topic(conversation_id)) as events:
            self._tell("came")
            async for event in events:
                if not self._visit.client.is_deleted:
                    with self._visit.client:
                        self._hear(event)

    def _hear(self, event: Event) -> None:
        if event.get("page") in (None, self._page):
            return
        self._others.hear(event, self._now())
        if event["type"] == "came":
            self._tell("here")
        if event["type"] == "writing":
            ui.timer(_WRITING_SECONDS + 0.1, self._show, once=True)
        self._show()

    def _show(self) -> None:
        if not self._visit.client.is_deleted:
            words = self._others.words(self._visit.agent.id, self._now(), self._visit.words.say)
            self._element.set_text(words)
            self._element.set_visibility(bool(words))
