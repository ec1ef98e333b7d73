"""What customers say: category, sentiment and urgency of texts in Chinese and English."""

from crm_core.feedback.reader import FeedbackReader, load

__all__ = ["FeedbackReader", "load"]
