"""Every error that Rapport raises on purpose.

RapportError
├── InvalidInput           a value that cannot be accepted; names the field and the value
├── NotFound
│   ├── CustomerNotFound
│   ├── OrderNotFound
│   ├── ProductNotFound
│   ├── ConversationNotFound
│   ├── AttachmentNotFound
│   └── AgentNotFound
├── NotAllowed             the person may not do this
│   └── NotVerified        the customer has not shown that an order or profile is theirs
├── Conflict               the thing changed meanwhile, or the move is not legal from here
│   ├── LeaseLost          another gateway now holds the conversation
│   ├── Overtaken          somebody else has answered since this answer was begun
│   └── OrderNotChangeable the order has gone too far for that; says how far
├── StorageUnavailable     the database cannot be reached or written
│   └── VersionUnknown     a newer program wrote the database or the backup
├── AssistantUnavailable   the assistant or its actions gave no usable answer
├── ModelNotTrained        a prediction was asked for before `rapport train`
└── SettingsInvalid        the environment or `.env` holds a value that cannot be used
"""

from __future__ import annotations


class RapportError(Exception):
    """Base of every error raised on purpose by Rapport."""


class InvalidInput(RapportError):
    """A value cannot be accepted.

    Args:
        field: Name of the field, as the sender knows it.
        value: The offending value; long ones are shortened in the message.
        why: What is wrong with it, in a few words.
    """

    def __init__(self, field: str, value: object, why: str) -> None:
        self.field = field
        self.value = value
        self.why = why
        shown = repr(value)
        if len(shown) > 80:
            shown = f"{shown[:32]} … {shown[-45:]}"  # both ends: a path's name is at its end
        super().__init__(f"{field}: {shown} {why}")


class NotFound(RapportError):
    """Something that was asked for does not exist."""

    what = "record"

    def __init__(self, key: object) -> None:
        self.key = key
        super().__init__(f"no {self.what} {key!r}")


class CustomerNotFound(NotFound):
    """No such customer."""

    what = "customer"


class OrderNotFound(NotFound):
    """No such order, or none that this person may see: the two are never told apart."""

    what = "order"


class ProductNotFound(NotFound):
    """No such product."""

    what = "product"


class ConversationNotFound(NotFound):
    """No such conversation."""

    what = "conversation"


class AttachmentNotFound(NotFound):
    """No such file, or none that this person may see: the two are never told apart."""

    what = "attachment"


class AgentNotFound(NotFound):
    """No such member of staff."""

    what = "agent"


class NotAllowed(RapportError):
    """The person may not do this."""


class NotVerified(NotAllowed):
    """The customer has not shown that the order or profile is theirs."""


class Conflict(RapportError):
    """The thing changed meanwhile, or the move is not legal from its present state."""


class LeaseLost(Conflict):
    """Another gateway holds the conversation now; this turn's result must be dropped."""


class Overtaken(Conflict):
    """Somebody else has answered since this answer was begun.

    Args:
        said: What they wrote.
    """

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__("somebody else has answered meanwhile")


class OrderNotChangeable(Conflict):
    """The order has gone too far for what was asked.

    Args:
        number: The order's number.
        why: How far it has gone, as a code: `shipped`, `delivered`, `cancelled`, `returned`, `not_shipped`,
            `not_delivered` or `window_over`.
    """

    def __init__(self, number: str, why: str) -> None:
        self.number = number
        self.why = why
        super().__init__(f"order {number}: {why}")


class StorageUnavailable(RapportError):
    """The database cannot be reached or written; the sender may try again."""


class VersionUnknown(StorageUnavailable):
    """A newer program wrote the database or the backup.

    Args:
        version: What it has.
        newest: The newest that this program knows.
    """

    def __init__(self, version: str, newest: str) -> None:
        self.version = version
        super().__init__(f"version {version} is newer than this program, which knows up to {newest}: update Rapport")


class AssistantUnavailable(RapportError):
    """The assistant or its actions gave no usable answer; the message waits and is tried again."""


class ModelNotTrained(RapportError):
    """A prediction was asked for before `rapport train` made the model."""


class SettingsInvalid(RapportError):
    """The environment or `.env` holds a value that cannot be used."""
