"""Pictures of the demo shop's products, drawn from simple shapes; an imported shop has photographs of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_INK = "#2d3634"
_OF_CATEGORY = {
    "kitchen": "#c98b5b", "home": "#b9a184", "bath": "#8db8b5", "toys": "#e0a15e", "stationery": "#8a9cc0",
    "outdoor": "#7f9f77", "electronics": "#6d7b86", "garden": "#c07a52", "travel": "#a58462", "pets": "#b58d74",
}  # fmt: skip
_GROUND = {
    "kitchen": "#f6ebde", "home": "#f1ece3", "bath": "#e4f0ef", "toys": "#fdf1da", "stationery": "#e9edf7",
    "outdoor": "#e6efe2", "electronics": "#e8ecf0", "garden": "#edf1dd", "travel": "#f4e9e1", "pets": "#f4ede7",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    words: tuple[str, ...]
    never: tuple[str, ...]
    draw: str

    def fits(self, title: str) -> bool:
        return any(word in title for word in self.words) and not any(word in title for word in self.never)


@cache
def _shapes() -> tuple[_Shape, ...]:
    entries = tomllib.loads((_HERE / "shapes.toml").read_text("utf-8")).values()
    return tuple(_Shape(tuple(entry["words"]), tuple(entry.get("not", ())), entry["draw"]) for entry in entries)


def draw(title: str, category: str, colour: str | None = None) -> str:
    """Give the picture of a product as SVG.

    Args:
        title: Its English title; the shape is found by its words.
        category: Gives the background, and the colour where the product names none.
        colour: The product's colour in English.
    """
    words = title.lower()
    shape = next((shape.draw for shape in _shapes() if shape.fits(words)), _shapes()[-1].draw)
    main = _colour(colour) or _OF_CATEGORY.get(category, "#b9a184")
    ground = _GROUND.get(category, "#f1ece3")
    style = f"--c:{main};--d:{_mixed(main, '#1d2423', 0.24)};--l:{_mixed(main, '#ffffff', 0.5)};--k:{_INK}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" style="{style}">'
        f'<defs><radialGradient id="g" cx=".5" cy=".38" r=".8"><stop stop-color="{_mixed(ground, "#ffffff", 0.55)}"/>'
        f'<stop offset="1" stop-color="{ground}"/></radialGradient></defs><path d="M0 0h400v300H0z" fill="url(#g)"/>'
        f'<ellipse cx="200" cy="256" rx="112" ry="12" fill="{_mixed(ground, _INK, 0.18)}"/>{shape}</svg>'
    )


@cache
def _colours() -> dict[str, str]:
    return dict(tomllib.loads((_HERE / "colours.toml").read_text("utf-8")))


def _colour(name: str | None) -> str | None:
    if not name:
        return None
    return _colours().get(name) or next((value for word, value in _colours().items() if word in name.split()), None)


def _mixed(colour: str, other: str, share: float) -> str:
    """Give a colour with a share of another one in it."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(mine * (1 - share) + theirs * share):02x}" for mine, theirs in pairs)
