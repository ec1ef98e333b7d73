"""Products that a message names, from a file that the shop keeps: no training, and a changed file is read anew."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.assistant.components.entity_finder import Entity, EntityFinder
from bot.assistant.components.product_names import Named, Product, ProductNames

LONGEST = 500  # characters; a product is named before that
_ORDINARY = Path(__file__).with_name("ordinary_words.yml")

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ProductGazetteer(EntityFinder):
    """Find the products of a file of JSON lines: `{"id": …, "sku": …, "en": …, "zh": …}`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings.

        `file`: where the names are; empty for `RAPPORT_PRODUCTS_FILE`, or `products.jsonl` in `RAPPORT_HOME`.
        `ordinary`: YAML lists of words that name no product by themselves.
        """
        return {"file": "", "ordinary": str(_ORDINARY)}

    def __init__(self, config: dict[str, Any]) -> None:
        home = Path(os.environ.get("RAPPORT_HOME") or ".rapport")
        self._path = Path(config["file"] or os.environ.get("RAPPORT_PRODUCTS_FILE") or home / "products.jsonl")
        rows = yaml.safe_load(Path(config["ordinary"]).read_text("utf-8"))
        self._ordinary: list[str] = [word for row in rows for word in row]
        self._names = ProductNames([])
        self._read_at = 0
        self._refresh()

    def find(self, text: str) -> list[Entity]:
        """Find the products that a text names, in the present catalogue."""
        self._refresh()
        shown = text[:LONGEST]
        return [_entity(named, shown) for named in self._names.find(shown)]

    def _refresh(self) -> None:
        """Read the file when it has changed; what was read before stays when it is gone or broken."""
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at == self._read_at:
                return
            self._read_at = changed_at
            with self._path.open(encoding="utf-8") as lines:
                products = [_product(json.loads(line)) for line in lines if line.strip()]
        except FileNotFoundError:
            return  # a shop without products, or one that has not been imported yet
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.warning("the names of the products cannot be read from %s: %s", self._path, error)
            return
        self._names = ProductNames(products, self._ordinary)


def _product(row: dict[str, Any]) -> Product:
    return Product(str(row["id"]), str(row.get("sku") or row["id"]), row.get("en"), row.get("zh"))


def _entity(named: Named, text: str) -> Entity:
    """Give Rasa's entity; `product_id` only where one product was named, `skus` are all that may be meant."""
    entity = {
        "entity": "product",
        "start": named.start,
        "end": named.end,
        "value": named.name if named.certain else text[named.start : named.end],
        "confidence_entity": named.score,
        "skus": [product.sku for product in named.products],
    }
    return entity | ({"product_id": named.products[0].id} if named.certain and len(named.products) == 1 else {})
