"""One writer for each kind of record that can be imported."""

from __future__ import annotations

from crm_core.use_cases.importing.customers import CustomerWriter
from crm_core.use_cases.importing.events import EventWriter
from crm_core.use_cases.importing.feedback import FeedbackWriter
from crm_core.use_cases.importing.items import ItemWriter
from crm_core.use_cases.importing.orders import OrderWriter
from crm_core.use_cases.importing.products import ProductWriter
from crm_core.use_cases.importing.writer import Run, Writer

_WRITERS: dict[str, type[Writer]] = {
    "customers": CustomerWriter,
    "events": EventWriter,
    "feedback": FeedbackWriter,
    "order_items": ItemWriter,
    "orders": OrderWriter,
    "products": ProductWriter,
}


def writer(entity: str, run: Run) -> Writer:
    """Give the writer of an entity."""
    return _WRITERS[entity](run)
