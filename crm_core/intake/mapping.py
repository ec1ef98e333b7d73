"""Mapping files: which column of a source is which field of ours, and how its values are written."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from rapidfuzz import fuzz

from crm_core.errors import InvalidInput
from crm_core.intake.entities import Entity, Kind

_MINOR = "_minor"
_ALSO_CALLED = {
    "number": ("order number", "order no", "order id", "invoice", "invoice no", "订单号", "订单编号"),
    "customer_number": ("customer id", "customer no", "user id", "客户编号", "会员号"),
    "placed_at": ("order date", "invoice date", "purchase date", "date", "下单时间"),
    "sku": ("stock code", "product code", "item code", "article no", "product id", "商品编码"),
    "title": ("description", "product name", "item", "商品名称"),
    "title_en": ("title", "product name", "name"),
    "title_zh": ("商品名称",),
    "quantity": ("qty", "数量"),
    "unit_price": ("price", "单价"),
    "price": ("unit price", "价格"),
    "total": ("amount", "order total", "金额"),
    "email": ("e-mail", "mail", "邮箱"),
    "phone": ("telephone", "mobile", "电话", "手机"),
    "name": ("full name", "customer name", "姓名"),
    "text": ("review", "comment", "feedback", "note", "message", "body", "content", "评论", "内容"),
    "category": ("cat", "分类"),
    "rating": ("stars", "score", "评分"),
    "external_id": ("id", "message id", "review id", "post id"),
    "city": ("town", "城市"),
    "birth_year": ("year of birth", "出生年份"),
    "occurred_at": ("timestamp", "date", "时间"),
    "created_at": ("date", "created", "时间"),
    "country": ("国家",),
    "address": ("地址",),
}


@dataclass(frozen=True)
class Column:
    """Where a field's values come from.

    Attributes:
        source: Name of the column in the file.
        values: What the source writes → what we write.
        minor: Amounts are in minor units (cents) already.
    """

    source: str
    values: AnyMapping[str, str] = field(default_factory=dict)
    minor: bool = False


@dataclass(frozen=True)
class OrderRules:
    """How the lines of an order file are read.

    Attributes:
        cancellation_prefix: Invoices whose number begins so cancel earlier ones; their quantities are negative.
        fees: Codes that are charged but are no products (postage); kept as lines without a product.
        not_sales: Codes that are no sale to the customer (bank charges, bad debt); rejected.
        products: What a product is given that only the lines name; None: such products are not made.
    """

    cancellation_prefix: str = ""
    fees: frozenset[str] = frozenset()
    not_sales: frozenset[str] = frozenset()
    products: AnyMapping[str, Any] | None = None


@dataclass(frozen=True)
class Mapping:
    """How a source's file becomes rows of an entity.

    Attributes:
        columns: Our field → its column.
        constants: Our field → a value for every row.
        date_formats: `strptime` formats, tried in turn; ISO 8601 when empty.
        timezone: Zone of moments that name none.
        decimal: The decimal sign of amounts.
        encoding: Encoding of text files; found out when empty.
        delimiter: Column delimiter of text files; found out when empty.
        sheet: Sheet of a workbook; the first when empty.
        records: Where in a JSON document the list of records is: names with dots between; the document when empty.
    """

    columns: AnyMapping[str, Column] = field(default_factory=dict)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    timezone: str = "UTC"
    decimal: str = "."
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    records: str = ""
    rules: OrderRules = field(default_factory=OrderRules)


_KEYS = ("entity", "columns", "constants", "dates", "money", "file", "orders")


def read_mapping(path: Path, entity: Entity) -> Mapping:
    """Read a mapping file.

    Raises:
        InvalidInput: It cannot be read, or names a field or setting that there is not.
    """
    try:
        text = path.read_text("utf-8")
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts only: a column named No is not False
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput("mapping", str(path), f"cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput("mapping", str(path), "holds no settings")
    _known("mapping", content, _KEYS)
    if content.get("entity", entity.name) != entity.name:
        raise InvalidInput("mapping", str(path), f"is for {content['entity']}, and {entity.name} are imported")
    return parse_mapping(content, entity)


def parse_mapping(content: dict[str, Any], entity: Entity) -> Mapping:
    """Make a mapping of what a mapping file says.

    Raises:
        InvalidInput: It names a field or setting that there is not, or a zone that nobody knows.
    """
    part = partial(_part, content)
    dates = part("dates", ("formats", "timezone"))
    money = part("money", ("unit", "decimal"))
    file = part("file", ("encoding", "delimiter", "sheet", "records"))
    unit = money.get("unit", "major")
    if unit not in ("major", "minor"):
        raise InvalidInput("money.unit", unit, "is neither major nor minor")
    zone = str(dates.get("timezone", "UTC"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput("dates.timezone", zone, "is not a time zone") from None
    return Mapping(
        columns=dict(_column(entity, *item, minor=unit == "minor") for item in part("columns").items()),
        constants={_field(entity, "constants", name): str(value) for name, value in part("constants").items()},
        date_formats=tuple(dates.get("formats") or ()),
        timezone=zone,
        decimal=str(money.get("decimal", ".")),
        encoding=str(file.get("encoding", "")),
        delimiter=str(file.get("delimiter", "")),
        sheet=str(file.get("sheet", "")),
        records=str(file.get("records", "")),
        rules=_rules(part("orders", ("cancellation_prefix", "fees", "not_sales", "products"))),
    )


def resolve(mapping: Mapping | None, entity: Entity, present: list[str], file: str) -> Mapping:
    """Check a mapping against the columns that a file has; without one, columns named like our fields are taken.

    Raises:
        InvalidInput: A mapped column is missing, or a required field has none; names those present.
    """
    if mapping is None or not mapping.columns:
        own = dict(_column(entity, name, name) for name in present if _plain(name) in entity.fields)
        mapping = mapping or Mapping()
        mapping = Mapping(**{**mapping.__dict__, "columns": own})
    shown = ", ".join(present)
    for name, column in mapping.columns.items():
        if column.source not in present:
            raise InvalidInput(f"mapping.columns.{name}", column.source, f"is not a column of {file}; it has: {shown}")
    have = mapping.columns.keys() | mapping.constants.keys()
    lacking = [name for name in needed(entity, have) if name not in have]
    if lacking:
        raise InvalidInput("mapping.columns", ", ".join(lacking), f"must be mapped to a column of {file}: {shown}")
    if entity.any_of and not have & set(entity.any_of):
        raise InvalidInput("mapping.columns", " / ".join(entity.any_of), f"needs one; {file} has: {shown}")
    return mapping


def needed(entity: Entity, have: Collection[str]) -> list[str]:
    """Give the fields that every row needs when the file has these: lines of orders need more than orders."""
    lines = ["sku", "quantity", "unit_price"] if entity.name == "orders" and "sku" in have else []
    return entity.required + lines


def likeness(name: str, column: str) -> float:
    """Tell how much the name of a column is like that of a field, or like what the field is also called: 0 to 100."""
    spoken = _spoken(column)
    return max(fuzz.ratio(_spoken(known), spoken) for known in (name, *_ALSO_CALLED.get(name, ())))


def _spoken(name: str) -> str:
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).replace("_", " ").lower().strip()


def _plain(name: str) -> str:
    return name.strip().lower().removesuffix(_MINOR)


def _column(entity: Entity, name: str, spec: Any, minor: bool = False) -> tuple[str, Column]:
    lowered = name.strip().lower()
    plain = lowered.removesuffix(_MINOR) if lowered not in entity.fields else lowered
    _field(entity, "columns", plain)
    minor = minor or (lowered.endswith(_MINOR) and entity.fields[plain].kind is Kind.MONEY)
    if isinstance(spec, dict):
        _known(f"mapping.columns.{name}", spec, ("column", "values"))
        values = {str(theirs): str(ours) for theirs, ours in (spec.get("values") or {}).items()}
        return plain, Column(str(spec.get("column", "")), values, minor)
    return plain, Column(str(spec), minor=minor)


def _field(entity: Entity, where: str, name: str) -> str:
    if name not in entity.fields:
        raise InvalidInput(f"mapping.{where}", name, f"is not a field of {entity.name}: {', '.join(entity.fields)}")
    return name


def _part(content: dict[str, Any], key: str, known: tuple[str, ...] | None = None) -> dict[str, Any]:
    part = content.get(key) or {}
    if not isinstance(part, dict):
        raise InvalidInput(f"mapping.{key}", part, "must be a list of `name: value`")
    if known is not None:
        _known(f"mapping.{key}", part, known)
    return part


def _rules(part: dict[str, Any]) -> OrderRules:
    return OrderRules(
        cancellation_prefix=str(part.get("cancellation_prefix") or ""),
        fees=frozenset(map(str, part.get("fees") or ())),
        not_sales=frozenset(map(str, part.get("not_sales") or ())),
        products=part.get("products"),
    )


def _known(where: str, part: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in part:
        if key not in keys:
            raise InvalidInput(where, key, f"is not a setting; there are: {', '.join(keys)}")
