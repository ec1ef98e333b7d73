"""The parts of the demo shop's generator; `scripts/make_demo_shop.py` puts them together."""
