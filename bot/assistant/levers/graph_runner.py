"""Runs a trained graph node by node: the same calls as Rasa's own runner, without planning them anew each time."""

from __future__ import annotations

from typing import Any

from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class PlannedGraphRunner:
    """Does what `DaskGraphRunner` does for a loaded model; the order of the nodes is worked out once per target.

    Args:
        runner: Rasa's runner, whose loaded nodes are used.
    """

    def __init__(self, runner: DaskGraphRunner) -> None:
        self._schema: GraphSchema = runner._graph_schema
        self._nodes: dict[str, GraphNode] = runner._instantiated_nodes
        self._plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need, and give their outputs by name.

        Raises:
            GraphRunError: A node could not be run.
        """
        wanted = tuple(targets or self._schema.target_names)
        known: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plan(wanted):
            try:
                known[name] = self._nodes[name](*(known.get(need, need) for need in needs))
            except RuntimeError as error:
                raise GraphRunError("Error running runner.") from error
        return dict(known[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        if targets not in self._plans:
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes
            order: list[str] = []

            def visit(name: str) -> None:
                if name in nodes and name not in order:
                    for need in nodes[name].needs.values():
                        visit(need)
                    order.append(name)

            for name in nodes:
                visit(name)
            self._plans[targets] = [(name, tuple(nodes[name].needs.values())) for name in order]
        return self._plans[targets]


def install(processor: MessageProcessor) -> None:
    """Give a processor the quicker runner, unless it has it already."""
    if isinstance(processor.graph_runner, DaskGraphRunner):
        processor.graph_runner = PlannedGraphRunner(processor.graph_runner)
