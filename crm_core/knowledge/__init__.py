"""Questions answered from the shop's own articles."""

from crm_core.knowledge.index import EXPECTED, OFFERED, THRESHOLD, Index

__all__ = ["EXPECTED", "OFFERED", "THRESHOLD", "Index"]
