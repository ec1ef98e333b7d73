"""Everything the gateway's routes work with, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.gateway.inbox import Inbox
from bot.gateway.limits import Limits
from bot.gateway.mailer import Mailer
from bot.gateway.metrics import Metrics
from bot.gateway.names import AgentNames
from bot.gateway.offload import Offload
from bot.gateway.push import Hub, make_hub
from bot.gateway.sweeper import Sweeper
from bot.gateway.turns import Answers, TurnRunner
from bot.gateway.visitors import Tokens
from crm_core.crm import Crm
from crm_core.settings import Settings


class AssistantLine(Answers, Protocol):
    """The assistant as the gateway knows it."""

    async def problem(self) -> str | None:
        """Say what keeps it from answering."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


@dataclass(frozen=True)
class Services:
    """The collaborators of the routes; made once per application."""

    settings: Settings
    crm: Crm
    hub: Hub
    offload: Offload
    metrics: Metrics
    limits: Limits
    tokens: Tokens
    assistant: AssistantLine
    turns: TurnRunner
    inbox: Inbox
    names: AgentNames
    sweeper: Sweeper
    mailer: Mailer

    @classmethod
    def make(cls, settings: Settings, crm: Crm, assistant: AssistantLine) -> Services:
        """Put the parts together."""
        hub, metrics, limits = make_hub(settings.redis_url), Metrics(), Limits(settings)
        offload = Offload(one_writer=settings.database.startswith("sqlite"))
        turns = TurnRunner(crm, assistant, hub, offload, settings, metrics)
        return cls(
            settings=settings,
            crm=crm,
            hub=hub,
            offload=offload,
            metrics=metrics,
            limits=limits,
            tokens=Tokens(settings),
            assistant=assistant,
            turns=turns,
            inbox=Inbox(crm, hub, turns, offload, limits, settings, metrics),
            names=AgentNames(crm, offload),
            sweeper=Sweeper(crm, hub, offload, metrics),
            mailer=Mailer(crm, hub, offload, settings, metrics),
        )

    async def start(self) -> None:
        """Begin to work."""
        await self.hub.start()
        self.turns.start()
        self.sweeper.start()
        self.mailer.start()

    async def stop(self) -> None:
        """End; what is under way is taken up at the next start."""
        await self.mailer.stop()
        await self.sweeper.stop()
        await self.turns.stop()
        await self.hub.stop()
        await self.assistant.close()
        self.offload.close()
        self.crm.close()
