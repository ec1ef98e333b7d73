"""Which products to offer to whom."""

from crm_core.recommend.recommender import Recommender, load

__all__ = ["Recommender", "load"]
