"""Who may do what: the one place that decides. What is not named here, nobody may."""

from __future__ import annotations

from crm_core.errors import NotAllowed
from crm_core.records.people import Actor, Role

_ADDED: dict[Role, frozenset[str]] = {
    Role.AGENT: frozenset({"desk", "customers", "search"}),  # answer customers; see them with their values masked
    # see values whole, each time logged; move conversations and set what comes to whom; write ready replies; say which
    # records are one customer
    Role.SUPERVISOR: frozenset({"unmask", "assign", "replies", "identity"}),
    Role.MANAGER: frozenset({"insights", "knowledge", "export", "erase", "import", "access_log"}),
    Role.ADMIN: frozenset({"staff"}),
}
_ORDER = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
RIGHTS = frozenset().union(*_ADDED.values())
_OF_SYSTEM = RIGHTS
_OF_CUSTOMER = frozenset({"customers", "unmask", "export", "erase"})  # of themselves only


def may(role: str, right: str) -> bool:
    """Tell whether a role has a right.

    Args:
        role: A `Role`, or "system" for what the program does by itself.
        right: One of `RIGHTS`; any other is nobody's.
    """
    if role == "system":
        return right in _OF_SYSTEM
    if role not in {known.value for known in _ORDER}:
        return False
    return any(right in _ADDED[lower] for lower in _ORDER[: _ORDER.index(Role(role)) + 1])


def check(actor: Actor, right: str, *, customer_id: str | None = None) -> None:
    """Let an actor do something, or stop them.

    Args:
        actor: Who wants to.
        right: What.
        customer_id: Whose data it touches; a customer may see, export and erase their own.

    Raises:
        NotAllowed: They may not.
    """
    if actor.role == "customer" and customer_id is not None and actor.id == customer_id and right in _OF_CUSTOMER:
        return
    if not may(actor.role, right):
        raise NotAllowed(f"{actor.role} has no right {right!r}")
