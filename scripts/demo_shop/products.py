"""The catalogue: hand-written products of `catalogue.txt`, one per colour or size."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

COLOURS = {
    "white": "白色", "sage": "鼠尾草绿", "charcoal": "炭黑", "red": "红色", "navy": "藏青", "black": "黑色",
    "silver": "银色", "terracotta": "陶土色", "green": "绿色", "pink": "粉色", "natural": "原色", "grey": "灰色",
    "mustard": "芥末黄", "fig": "无花果", "cedar": "雪松", "blue": "蓝色", "dark wood": "深木色", "sand": "沙色",
    "teal": "蓝绿", "pastel": "马卡龙色", "cream": "米白", "ivory": "象牙白", "blush": "裸粉", "bright": "亮彩",
    "mint": "薄荷绿", "coral": "珊瑚色", "olive": "橄榄绿", "rust": "锈红", "botanical": "植物", "celestial": "星空",
    "forest": "森林绿", "orange": "橙色", "checked red": "红格", "striped blue": "蓝条纹", "yellow": "黄色",
    "anthracite": "深灰", "S": "S 码", "M": "M 码", "L": "L 码", "zinc": "锌色", "amber": "琥珀色", "clear": "透明",
    "tan": "棕色", "S/M": "S/M 码", "L/XL": "L/XL 码", "grey M": "灰色 M 码", "grey L": "灰色 L 码",
}  # fmt: skip
SIZES = {"S", "M", "L", "S/M", "L/XL"}
CONSUMABLE = {"candle", "salt", "sticks", "seed", "notes", "cards", "pens", "cloths", "loofah", "notebook", "planner"}


@dataclass(frozen=True)
class Product:
    """One product, with what the simulation needs to know of it."""

    sku: str
    base: str  # colour siblings share it
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str
    category: str
    price: int
    stock: int
    attributes: dict[str, str | int]
    tags: frozenset[str]
    popularity: float

    @property
    def consumable(self) -> bool:
        """Whether people buy it again and again."""
        return any(word in self.title_en.lower() for word in CONSUMABLE)


def read_catalogue(path: Path, chance: random.Random) -> list[Product]:
    """Give every product, in the order of the file."""
    products: list[Product] = []
    category = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[]")
        elif line and not line.startswith("#"):
            products.extend(_variants(line, category, len(products), chance))
    return products


def _variants(line: str, category: str, known: int, chance: random.Random) -> list[Product]:
    title_en, title_zh, price, material, colours, tags, text_en, text_zh, extra = line.split("|")
    popularity = chance.paretovariate(1.6)
    found = []
    for offset, colour in enumerate(colours.split(",")):
        attributes = _attributes(material, colour, extra)
        plain = colour == "-"
        found.append(
            Product(
                sku=f"{category[:2].upper()}{1001 + known + offset}",
                base=title_en,
                title_en=title_en if plain else f"{title_en}, {colour}",
                title_zh=title_zh if plain else f"{title_zh}（{COLOURS[colour]}）",
                description_en=text_en,
                description_zh=text_zh,
                category=category,
                price=int(price),
                stock=_stock(chance),
                attributes=attributes,
                tags=frozenset(tags.split(",")),
                popularity=popularity * chance.uniform(0.5, 1.0),
            )
        )
    return found


def _attributes(material: str, colour: str, extra: str) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {}
    if material != "-":
        attributes["material"] = material
    if colour in SIZES:
        attributes["size"] = colour
    elif colour != "-":
        attributes["colour"] = colour
    for pair in filter(None, extra.split(";")):
        key, _, value = pair.partition("=")
        attributes[key] = int(value) if value.isdigit() else value
    return attributes


def _stock(chance: random.Random) -> int:
    draw = chance.random()
    if draw < 0.06:
        return 0
    return chance.randint(1, 5) if draw < 0.16 else chance.randint(8, 240)
