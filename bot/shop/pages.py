"""The demo shop: a page to chat on. It also plays the part of a shop's backend that signs its customers' tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response

from bot.gateway.errors import TokenInvalid
from bot.gateway.services import Services
from bot.gateway.visitors import sign_customer
from bot.shop import visit as cookies
from bot.shop.illustrations import draw
from bot.shop.personas import read_personas
from bot.shop.shopping import Shopping
from bot.shop.visit import Visit, read_visit
from bot.shop.wording import Wording
from crm_core.errors import ProductNotFound
from crm_core.intake import demo

_HERE = Path(__file__).parent
_PICTURE_CACHE = {"Cache-Control": "public, max-age=86400"}


class Pages:
    """Renders the pages.

    Args:
        services: The gateway's parts.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._shopping = Shopping(services.crm)
        self._personas = read_personas(services.settings.data)
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

    async def home(self, request: Request, category: str | None, words: str | None) -> Response:
        """Show the shop's front, a category, or what was searched for."""
        visit = await read_visit(request, self._services)
        found = await self._services.offload.read(self._shopping.shelf, visit.language, category, words)
        categories = await self._services.offload.read(self._services.crm.catalogue.categories)
        place: dict[str, Any] = {"categories": categories, "category": category, "words": words or ""}
        return self._page("home.html", request, visit, products=found, **place)

    async def product(self, request: Request, sku: str, served: str | None) -> Response:
        """Show a product, and note that it was looked at."""
        visit = await read_visit(request, self._services)
        try:
            product, similar = await self._services.offload.read(self._shopping.product, sku)
        except ProductNotFound:
            return self._page("missing.html", request, visit, status=404)
        await self._services.offload.write(self._shopping.viewed, visit.customer_id, sku)
        return self._page("product.html", request, visit, product=product, similar=similar, served=served or "")

    async def basket(self, request: Request) -> Response:
        """Show what is in the basket."""
        visit = await read_visit(request, self._services)
        lines, total = await self._services.offload.read(self._shopping.basket, visit.basket)
        return self._page("basket.html", request, visit, lines=lines, total=total)

    async def orders(self, request: Request) -> Response:
        """Show the orders of the customer who is signed in."""
        visit = await read_visit(request, self._services)
        if visit.customer_id is None:
            return RedirectResponse("/", 303)
        orders = await self._services.offload.read(self._services.crm.orders.of_customer, visit.customer_id, 12)
        return self._page("orders.html", request, visit, orders=orders)

    async def add(self, request: Request, sku: str, pieces: int, served: str | None) -> Response:
        """Put a product into the basket, or take it out with no pieces."""
        visit = await read_visit(request, self._services)
        product, _ = await self._services.offload.read(self._shopping.product, sku)
        basket = dict(visit.basket)
        basket[product.sku] = basket.get(product.sku, 0) + pieces if pieces > 0 else 0
        from_chat = request.query_params.get("from") == "chat"  # the chat has recorded it already
        if pieces > 0 and not from_chat:
            await self._services.offload.write(self._shopping.added, visit.customer_id, product, pieces, served)
        total = sum(pieces for pieces in basket.values())
        answer: Response = JSONResponse({"pieces": total}) if from_chat else RedirectResponse("/basket", 303)
        cookies.keep_basket(answer, basket)
        return answer

    async def sign_in(self, number: str) -> Response:
        """Be one of the demo's customers; only those that the page offers.

        A shop that has loaded its own customers may use the same numbers: nobody is let in as one of them.
        """
        offered = number in {persona.number for persona in self._personas}
        customers = self._services.crm.customers
        if not offered or not await self._services.offload.read(customers.came_from, number, demo.SOURCE):
            raise TokenInvalid("not one of the demo's customers")
        answer = RedirectResponse("/", 303)
        cookies.keep_customer(answer, sign_customer(self._services.settings, number))
        return answer

    def _page(self, template: str, request: Request, visit: Visit, *, status: int = 200, **values: Any) -> Response:
        wording = Wording(visit.language)
        persona = next((persona for persona in self._personas if persona.number == visit.number), None)
        html = self._templates.get_template(template).render(
            w=wording, visit=visit, persona=persona, personas=self._personas, path=request.url.path, **values
        )
        response = HTMLResponse(html, status, headers={"Cache-Control": "private, no-store"})
        if "language" in request.query_params:
            cookies.keep_language(response, visit.language)
        return response


def router(services: Services) -> APIRouter:
    """Give the shop's routes; without the demo there is only the way to the desk."""
    routes = APIRouter(include_in_schema=False)
    if not services.settings.demo:

        @routes.get("/")
        async def front() -> Response:
            return RedirectResponse("/desk", 303)

        return routes
    pages = Pages(services)
    routes.mount("/shop/static", StaticFiles(directory=_HERE / "static"), "shop-static")
    _look(routes, pages, services)
    _act(routes, pages)
    return routes


def _look(routes: APIRouter, pages: Pages, services: Services) -> None:
    @routes.get("/")
    async def home(request: Request, category: str | None = None, q: str | None = None) -> Response:
        return await pages.home(request, category, q)

    @routes.get("/products/{sku}")
    async def product(request: Request, sku: str, served: str | None = None) -> Response:
        return await pages.product(request, sku, served)

    @routes.get("/basket")
    async def basket(request: Request) -> Response:
        return await pages.basket(request)

    @routes.get("/orders")
    async def orders(request: Request) -> Response:
        return await pages.orders(request)

    @routes.get("/shop/images/{sku}.svg")
    async def picture(sku: str) -> Response:
        found = await services.offload.read(services.crm.catalogue.by_sku, sku)
        colour = found.attributes.get("colour")
        svg = draw(found.title_en, found.category, colour if isinstance(colour, str) else None)
        return Response(svg, media_type="image/svg+xml", headers=_PICTURE_CACHE)


def _act(routes: APIRouter, pages: Pages) -> None:
    @routes.post("/basket")
    async def add(
        request: Request,
        sku: Annotated[str, Form(max_length=64)],
        pieces: Annotated[int, Form(ge=0, le=99)] = 1,
        served: Annotated[str | None, Form(max_length=64)] = None,
    ) -> Response:
        return await pages.add(request, sku, pieces, served)

    @routes.post("/demo/sign-in")
    async def sign_in(number: Annotated[str, Form(max_length=64)]) -> Response:
        return await pages.sign_in(number)

    @routes.post("/demo/sign-out")
    async def sign_out() -> Response:
        answer = RedirectResponse("/", 303)
        cookies.keep_customer(answer, None)
        return answer
