"""What a browser brings to a page of the demo shop, by its cookies: language, customer, basket."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from bot.gateway.errors import TokenInvalid
from bot.gateway.services import Services
from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES

LANGUAGE, CUSTOMER, BASKET = "shop_language", "shop_customer", "shop_basket"
_MOST_LINES = 40
_MOST_PIECES = 99
_SIGNED_IN_SECONDS = 12 * 3600
_REMEMBERED_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, and with what in the basket."""

    language: str
    token: str | None  # the shop's own signature for the customer who is signed in
    number: str | None
    customer_id: str | None
    basket: dict[str, int]  # SKU -> pieces

    @property
    def pieces(self) -> int:
        """How many pieces are in the basket."""
        return sum(self.basket.values())


async def read_visit(request: Request, services: Services) -> Visit:
    """Read the cookies; what somebody has tampered with counts as not there."""
    token = request.cookies.get(CUSTOMER)
    number = customer_id = None
    try:
        if token:
            number = services.tokens.customer_number(token)
            customer_id = await services.offload.read(services.crm.customers.by_number, number)
    except (TokenInvalid, InvalidInput):
        token = number = None
    basket = read_basket(request.cookies.get(BASKET, ""))
    return Visit(read_language(request), token if customer_id else None, number, customer_id, basket)


def read_language(request: Request) -> str:
    """Give the language of a page: asked for, remembered, or the browser's."""
    accepted = request.headers.get("accept-language", "")
    wishes = [request.query_params.get("language"), request.cookies.get(LANGUAGE), *accepted.split(",")]
    known = (wish.strip()[:2].lower() for wish in wishes if wish)
    return next((wish for wish in known if wish in LANGUAGES), "en")


def read_basket(cookie: str) -> dict[str, int]:
    """Read `SKU.pieces-SKU.pieces`; what does not look like that is left out."""
    basket: dict[str, int] = {}
    for line in cookie.split("-")[:_MOST_LINES]:
        sku, _, pieces = line.partition(".")
        if sku.isalnum() and pieces.isdecimal() and 0 < int(pieces) <= _MOST_PIECES:
            basket[sku] = int(pieces)
    return basket


def keep_basket(response: Response, basket: dict[str, int]) -> None:
    """Let the browser remember the basket."""
    lines = list(basket.items())[:_MOST_LINES]
    kept = "-".join(f"{sku}.{min(pieces, _MOST_PIECES)}" for sku, pieces in lines if pieces > 0)
    response.set_cookie(BASKET, kept, max_age=_REMEMBERED_SECONDS, httponly=True, samesite="lax")


def keep_language(response: Response, language: str) -> None:
    """Let the browser remember the language."""
    response.set_cookie(LANGUAGE, language, max_age=_REMEMBERED_SECONDS, httponly=True, samesite="lax")


def keep_customer(response: Response, token: str | None) -> None:
    """Let the browser remember who is signed in, or forget it."""
    if token is None:
        response.delete_cookie(CUSTOMER)
    else:
        response.set_cookie(CUSTOMER, token, max_age=_SIGNED_IN_SECONDS, httponly=True, samesite="lax")
