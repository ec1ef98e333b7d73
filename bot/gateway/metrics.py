"""What is counted for operators, in the Prometheus format; no personal value is in it."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class Metrics:
    """The figures of one gateway process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "rapport_messages_accepted", "Customer messages on disk.", ["channel"], registry=self.registry
        )
        self.refused = Counter(
            "rapport_messages_refused", "Customer messages not taken.", ["channel", "code"], registry=self.registry
        )
        self.turns = Counter(
            "rapport_turns",
            "Turns by how they ended: answered, delayed, failed, lost.",
            ["end"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "rapport_turn_seconds", "The assistant's time per turn.", buckets=_SECONDS, registry=self.registry
        )
        self.accept_seconds = Histogram(
            "rapport_accept_seconds",
            "From a message's arrival to its commit.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.sockets = Gauge("rapport_chat_sockets", "Open chat connections.", registry=self.registry)
        self.deliveries = Counter(
            "rapport_deliveries", "E-mails by how a try ended: sent, failed, dead.", ["end"], registry=self.registry
        )
        self.closed_idle = Counter(
            "rapport_conversations_closed_idle", "Conversations closed because nobody wrote.", registry=self.registry
        )

    def response(self) -> Response:
        """Give the page that Prometheus reads."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)
