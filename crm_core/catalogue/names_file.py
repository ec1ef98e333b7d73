"""The names of all products in a file of JSON lines, from which the assistant reads what a customer may name."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from crm_core.records.shop import Product


def write_names(path: Path, products: Iterable[Product]) -> bool:
    """Write the file in one step, so that no reader sees half of it; leave it alone when nothing has changed.

    Args:
        path: Where it is.
        products: The products on sale.

    Returns:
        Whether it was written.

    Raises:
        OSError: The file cannot be written.
    """
    rows = ({"id": one.id, "sku": one.sku, "en": one.title_en, "zh": one.title_zh} for one in products)
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o644)  # names of goods are no secret, and the assistant may be another user
        file.write(text)
    Path(name).replace(path)
    return True
