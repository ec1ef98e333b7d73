"""Reads what a customer says of the shop: category, sentiment, and whether a person should be offered."""

from __future__ import annotations

from pathlib import Path

from crm_core.feedback.model import TextModel
from crm_core.feedback.urgency import is_serious
from crm_core.feedback.words import features
from crm_core.learning.registry import Registry
from crm_core.records.shop import FeedbackReading

TASK = "feedback"
CATEGORY = "category"
SENTIMENT = "sentiment"


class FeedbackModel:
    """The two text models that are served together.

    Args:
        category: Tells what a text is about.
        sentiment: Tells `negative`, `neutral` or `positive`.
    """

    def __init__(self, category: TextModel, sentiment: TextModel) -> None:
        self.category = category
        self.sentiment = sentiment
        self.algorithm = " + ".join(dict.fromkeys([category.algorithm, sentiment.algorithm]))

    def save(self, folder: Path) -> None:
        """Write both models."""
        self.category.save(folder, CATEGORY)
        self.sentiment.save(folder, SENTIMENT)

    @classmethod
    def load(cls, folder: Path) -> FeedbackModel:
        """Read what `save` wrote."""
        return cls(TextModel.load(folder, CATEGORY), TextModel.load(folder, SENTIMENT))


class FeedbackReader:
    """Reads one text at a time, with the version of the model that it used.

    Args:
        model: The models.
        version: Their version.
    """

    def __init__(self, model: FeedbackModel, version: str) -> None:
        self._model = model
        self._version = version

    def read(self, text: str, language: str) -> FeedbackReading:
        """Give category, sentiment and urgency of one text; both languages may be mixed in it.

        Args:
            text: What was said.
            language: The language of the conversation; kept with the reading.
        """
        found = features(text)
        return FeedbackReading(
            language=language,
            category=self._model.category.judge(found),
            sentiment=self._model.sentiment.judge(found),
            serious=is_serious(text, self._model.sentiment.chances(found)),
            model_version=self._version,
        )


def load(models: Path) -> FeedbackReader:
    """Load the live model.

    Raises:
        ModelNotTrained: There is none.
    """
    artefact = Registry(models).open(TASK)
    return FeedbackReader(FeedbackModel.load(artefact.folder), artefact.version)
