"""Is the gateway alive, and can it serve customers: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from bot.gateway.services import Services


def router(services: Services) -> APIRouter:
    """Give the routes for operators."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Tell that the process runs."""
        return {"status": "ok", "version": version("rapport")}

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """Tell whether the database and the assistant answer; 503 with the part that does not."""
        health = await services.offload.read(services.crm.health)
        parts = {
            "database": "ok" if health.ready else "unavailable",
            "assistant": "unavailable" if await services.assistant.problem() else "ok",
        }
        ready = all(state == "ok" for state in parts.values())
        return JSONResponse({"status": "ok" if ready else "unavailable", **parts}, 200 if ready else 503)

    @routes.get("/metrics")
    async def metrics() -> Response:
        """Give the figures in the Prometheus format."""
        return services.metrics.response()

    return routes
