"""The chance that a customer buys within the next 30 days."""
