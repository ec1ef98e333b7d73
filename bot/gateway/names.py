"""What a customer may call the agent who writes."""

from __future__ import annotations

from cachetools import TTLCache

from bot.gateway.offload import Offload
from crm_core.crm import Crm
from crm_core.errors import AgentNotFound

_KEPT = 512
_KEPT_SECONDS = 300


class AgentNames:
    """Gives the names of agents, remembering them for some minutes.

    Args:
        crm: The database's use cases.
        offload: The threads for the database's calls.
    """

    def __init__(self, crm: Crm, offload: Offload) -> None:
        self._crm = crm
        self._offload = offload
        self._names: TTLCache[str, str | None] = TTLCache(_KEPT, _KEPT_SECONDS)

    async def of(self, agent_id: str | None) -> str | None:
        """Give the name of an agent, or None where nobody is meant or the agent is gone."""
        if agent_id is None:
            return None
        if agent_id not in self._names:
            try:
                self._names[agent_id] = (await self._offload.read(self._crm.staff.get, agent_id)).name
            except AgentNotFound:
                self._names[agent_id] = None
        return self._names[agent_id]
