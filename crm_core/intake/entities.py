"""What can be imported, and which fields each has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES

STATUSES = ("placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned")
SENTIMENTS = ("negative", "neutral", "positive")


class Kind(StrEnum):
    """How the values of a field are cleaned."""

    TEXT = "text"
    CODE = "code"  # an identifier: full-width letters are ASCII's
    WORD = "word"  # a code: trimmed, lower case
    EMAIL = "email"
    PHONE = "phone"
    MONEY = "money"
    INTEGER = "integer"
    MOMENT = "moment"
    COUNTRY = "country"
    CURRENCY = "currency"
    JSON = "json"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """One field of an entity.

    Attributes:
        required: A row without it is rejected; in others a bad value is dropped and the row kept.
        least: Smallest number that is let through.
        most: Largest number, or most characters of a text.
        choices: The only values that are let through.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entity:
    """One kind of record that files hold.

    Attributes:
        any_of: A row needs at least one of these.
    """

    name: str
    fields: dict[str, Field]
    any_of: tuple[str, ...] = field(default=())

    @property
    def required(self) -> list[str]:
        """The fields that no row may lack."""
        return [name for name, field in self.fields.items() if field.required]


def _entity(name: str, *fields: Field, any_of: tuple[str, ...] = ()) -> Entity:
    return Entity(name, {field.name: field for field in fields}, any_of)


_CODE = 64
_MINOR_MOST = 10**12
_CONTACT = (Field("email", Kind.EMAIL), Field("phone", Kind.PHONE))
_PERSON = (
    Field("name", most=200),
    Field("language", Kind.WORD, choices=LANGUAGES),
    Field("country", Kind.COUNTRY),
    Field("city", most=80),
    Field("address", most=500),
)

ENTITIES = {
    entity.name: entity
    for entity in (
        _entity(
            "customers",
            Field("customer_number", Kind.CODE, most=_CODE),
            *_CONTACT,
            *_PERSON,
            Field("gender", Kind.WORD, most=16),
            Field("birth_year", Kind.INTEGER, least=1900, most=2100),
            Field("created_at", Kind.MOMENT),
            any_of=("customer_number", "email", "phone"),
        ),
        _entity(
            "products",
            Field("sku", Kind.CODE, required=True, most=_CODE),
            Field("title_en", required=True, most=300),
            Field("title_zh", most=300),
            Field("description_en", most=10_000),
            Field("description_zh", most=10_000),
            Field("category", most=80),
            Field("price", Kind.MONEY, required=True, least=0, most=_MINOR_MOST),
            Field("currency", Kind.CURRENCY),
            Field("stock", Kind.INTEGER, least=0, most=10**9),
            Field("attributes", Kind.JSON),
            Field("image", most=500),
            Field("active", Kind.FLAG),
        ),
        _entity(
            "orders",
            Field("number", Kind.CODE, required=True, most=_CODE),
            Field("customer_number", Kind.CODE, most=_CODE),
            Field("placed_at", Kind.MOMENT, required=True),
            Field("status", Kind.WORD, choices=STATUSES),
            Field("currency", Kind.CURRENCY),
            Field("total", Kind.MONEY, most=_MINOR_MOST),
            Field("payment_method", Kind.WORD, most=32),
            Field("carrier", most=_CODE),
            Field("tracking_number", Kind.CODE, most=_CODE),
            Field("expected_at", Kind.MOMENT),
            Field("delivered_at", Kind.MOMENT),
            *_CONTACT,
            *_PERSON,
            Field("sku", Kind.CODE, most=_CODE),
            Field("title", most=300),
            Field("quantity", Kind.INTEGER, least=-(10**9), most=10**9),
            Field("unit_price", Kind.MONEY, least=-_MINOR_MOST, most=_MINOR_MOST),
        ),
        _entity(
            "order_items",
            Field("number", Kind.CODE, required=True, most=_CODE),
            Field("line", Kind.INTEGER, least=1, most=10**6),
            Field("sku", Kind.CODE, required=True, most=_CODE),
            Field("title", most=300),
            Field("quantity", Kind.INTEGER, required=True, least=1, most=10**9),
            Field("unit_price", Kind.MONEY, required=True, least=0, most=_MINOR_MOST),
        ),
        _entity(
            "feedback",
            Field("external_id", Kind.CODE, most=200),
            Field("customer_number", Kind.CODE, most=_CODE),
            *_CONTACT,
            Field("name", most=200),
            Field("order_number", Kind.CODE, most=_CODE),
            Field("created_at", Kind.MOMENT),
            Field("language", Kind.WORD, choices=LANGUAGES),
            Field("text", required=True, most=10_000),
            Field("category", Kind.WORD, most=48),
            Field("sentiment", Kind.WORD, choices=SENTIMENTS),
            Field("rating", Kind.INTEGER, least=1, most=5),
        ),
        _entity(
            "events",
            Field("external_id", Kind.CODE, required=True, most=200),
            Field("customer_number", Kind.CODE, required=True, most=_CODE),
            Field("session_id", Kind.CODE, most=_CODE),
            Field("name", required=True, most=_CODE),
            Field("channel", Kind.WORD, most=32),
            Field("sku", Kind.CODE, most=_CODE),
            Field("article", most=120),
            Field("amount", Kind.MONEY, least=0, most=_MINOR_MOST),
            Field("currency", Kind.CURRENCY),
            Field("occurred_at", Kind.MOMENT, required=True),
        ),
    )
}


def entity(name: str) -> Entity:
    """Give an entity by its name.

    Raises:
        InvalidInput: There is none of that name.
    """
    try:
        return ENTITIES[name]
    except KeyError:
        raise InvalidInput("entity", name, f"is not one of {', '.join(ENTITIES)}") from None
