"""The whole product, started once as a person starts it, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Browser

from benchmarks.product import Product
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.browser import chromium


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`rapport up` on an empty home, with the demo shop."""
    with Product(tmp_path_factory.mktemp("product") / "home", {"messages_per_minute": "1000"}) as running:
        yield running


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def database(product: Product) -> Iterator[Crm]:
    """The running product's database, seen through the library."""
    settings = Settings.load(home=product.home)
    crm = Crm(settings)
    yield crm
    crm.close()


def customer_token(product: Product, customer_number: str) -> str:
    """Sign a customer in as the shop's backend does."""
    claims = {"sub": customer_number, "aud": "rapport", "exp": datetime.now(UTC) + timedelta(hours=1)}
    return jwt.encode(claims, product.secret("SHOP_SECRET"), algorithm="HS256")


@pytest.fixture
def home(product: Product) -> Path:
    """Where the running product keeps its things."""
    return product.home
