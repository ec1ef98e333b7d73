"""The short form of `make chaos`: each part of the running product is killed once while customers write."""

from __future__ import annotations

import asyncio
import random

import psutil
import pytest

from benchmarks.chaos.cluster import Cluster
from benchmarks.chaos.faults import Faults
from benchmarks.chaos.run import Run
from benchmarks.product import Product
from crm_core.settings import Settings
from tests.system.test_killed import process_of

pytestmark = pytest.mark.system
MARKS = {"gateway": "-m bot.gateway", "assistant": "bot.assistant run", "actions": "bot.action_server"}


class Parts:
    """The processes of the product that runs already, as its Supervisor would give them."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, mark in MARKS.items():
            try:
                found[name] = process_of(self._product, mark).pid
            except (AssertionError, psutil.NoSuchProcess):
                continue  # it has just been killed
        return found

    def states(self) -> dict[str, str]:
        return {}


class OneKillEach(Faults):
    """Every part is killed once, soon after one another, and the gateway is paused once."""

    async def work(self) -> None:
        for name in MARKS:
            await asyncio.sleep(1)
            await self.kill(name)
        await asyncio.sleep(5)
        await self.pause("gateway", 2)


def test_whatever_is_killed_nothing_is_lost_said_twice_or_talked_over(product: Product) -> None:
    settings = Settings.load(home=product.home, actions_port=product.actions_port)
    cluster = Cluster(settings, Parts(product), [product.address])  # type: ignore[arg-type]
    faults = OneKillEach(cluster, random.Random(1), every_seconds=1)
    result = asyncio.run(Run(cluster, messages=300, conversations=20, seed=7, faults=faults).go())
    assert result.verdict.findings == {heading: [] for heading in result.verdict.findings}
    assert result.figures["kills"] == 3
    assert result.figures["messages"] >= 300
    assert result.figures["cuts"] > 0
    assert result.figures["resends"] > 0
    assert result.figures["taken_by_staff"] > 0
