"""What a browser may send over the chat socket."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter


class Hello(BaseModel):
    """The first frame: who it is, and what the tab has seen."""

    type: Literal["hello"]
    token: str
    customer_token: str | None = None
    conversation_id: str | None = None  # the one that the cursor counts in
    cursor: int = Field(default=0, ge=0)
    language: str | None = None


class Write(BaseModel):
    """A message."""

    type: Literal["message"]
    id: str
    text: str
    payload: str | None = None
    attachment: str | None = None  # the id of a file that was uploaded before


class Seen(BaseModel):
    """The customer has seen everything up to a message."""

    type: Literal["seen"]
    seq: int = Field(ge=0, le=2**31 - 1)


class Typing(BaseModel):
    """The customer writes, or has stopped."""

    type: Literal["typing"]
    on: bool = True


class CardEvent(BaseModel):
    """The customer did something with a product card."""

    type: Literal["card"]
    event: Literal["click", "cart"]
    served_id: str | None = None
    sku: str | None = None


class Stay(BaseModel):
    """The customer no longer waits for a person and goes on with the bot."""

    type: Literal["stay"]


class Contact(BaseModel):
    """The customer no longer waits and wants to be written to."""

    type: Literal["contact"]
    address: str = Field(max_length=254)


class Ping(BaseModel):
    """The tab asks whether the line still holds, and whether it has missed anything."""

    type: Literal["ping"]


Frame = Annotated[Hello | Write | Seen | Typing | CardEvent | Stay | Contact | Ping, Field(discriminator="type")]
FRAME: TypeAdapter[Frame] = TypeAdapter(Frame)
