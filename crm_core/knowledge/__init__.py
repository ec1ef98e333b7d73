"""Questions answered from the shop's own articles."""

from crm_core.knowledge.index import THRESHOLD, Index

__all__ = ["THRESHOLD", "Index"]
