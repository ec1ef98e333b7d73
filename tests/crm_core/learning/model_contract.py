"""What every model promises, baselines too; one class of tests, run against each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crm_core.language import LANGUAGES
from crm_core.phrases import crm_phrases


class ModelContract:
    """Subclasses say what is learned from, how, and how a saved model is read."""

    interval = False  # whether there are `lower` and `upper`

    @staticmethod
    def examples() -> pd.DataFrame:
        """Give a frame to learn from and to predict."""
        raise NotImplementedError

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        """Make the model."""
        raise NotImplementedError

    @staticmethod
    def read(folder: Path) -> Any:
        """Read a saved model."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def frame(cls) -> pd.DataFrame:
        return cls.examples()

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls, frame: pd.DataFrame) -> Any:
        return cls.learn(frame)

    def test_a_prediction_has_one_row_for_each_row_in_the_same_order(self, model: Any, frame: pd.DataFrame) -> None:
        shuffled = frame.sample(frac=1, random_state=3)
        assert model.predict(shuffled).index.equals(shuffled.index)

    def test_a_row_gets_the_same_prediction_alone_as_among_others(self, model: Any, frame: pd.DataFrame) -> None:
        together = model.predict(frame)
        alone = model.predict(frame.iloc[[5]])
        assert alone["value"].iloc[0] == pytest.approx(together["value"].iloc[5])
        assert alone["label"].iloc[0] == together["label"].iloc[5]

    def test_predicting_leaves_the_frame_as_it_is(self, model: Any, frame: pd.DataFrame) -> None:
        before = frame.copy(deep=True)
        model.predict(frame)
        pd.testing.assert_frame_equal(frame, before)

    def test_no_rows_give_no_predictions_but_the_same_columns(self, model: Any, frame: pd.DataFrame) -> None:
        empty = model.predict(frame.iloc[:0])
        assert len(empty) == 0
        assert set(empty.columns) == set(model.predict(frame).columns)

    def test_values_are_in_the_unit_interval_and_inside_their_own(self, model: Any, frame: pd.DataFrame) -> None:
        said = model.predict(frame)
        assert said["value"].between(0, 1).all()
        if self.interval:
            assert (said["lower"] <= said["value"]).all()
            assert (said["value"] <= said["upper"]).all()
            assert said["lower"].min() >= 0
            assert said["upper"].max() <= 1

    def test_the_same_data_give_the_same_model(self, model: Any, frame: pd.DataFrame) -> None:
        again = self.learn(frame.copy())
        pd.testing.assert_frame_equal(model.predict(frame), again.predict(frame))

    def test_a_saved_model_says_the_same_after_reading(self, model: Any, frame: pd.DataFrame, tmp_path: Path) -> None:
        model.save(tmp_path)
        pd.testing.assert_frame_equal(self.read(tmp_path).predict(frame), model.predict(frame))

    def test_a_saved_model_is_plain_data_and_no_pickle(self, model: Any, tmp_path: Path) -> None:
        model.save(tmp_path)
        assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".npz", ".txt"}

    def test_every_reason_has_words_in_both_languages(self, model: Any, frame: pd.DataFrame) -> None:
        for reasons in model.predict(frame)["reasons"]:
            for reason in reasons:
                for language in LANGUAGES:
                    assert crm_phrases.say(language, f"reason-{reason.code}", **reason.values)

    def test_the_algorithm_has_a_name(self, model: Any) -> None:
        assert model.algorithm
