"""Rasa's rules, and a form that goes on by itself after a question in between was answered."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ResumingRulePolicy(RulePolicy):  # type: ignore[misc]
    """Ask a form's question again when a rule has answered something else meanwhile.

    Rasa would want a rule for every pair of form and question. Here the form that declined a message runs once more
    at the point where the rule that answered it would listen.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings; `leave_forms_after` lists the actions after which no form goes on."""
        return {**RulePolicy.get_default_config(), "leave_forms_after": []}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict as the rules do, but a form in place of listening where one was interrupted."""
        prediction = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        if not self._is_interrupted(tracker) or _name(prediction, domain) != ACTION_LISTEN_NAME:
            return prediction
        probabilities = self._prediction_result(tracker.active_loop_name, tracker, domain)
        return self._prediction(probabilities, is_end_to_end_prediction=False)

    def _is_interrupted(self, tracker: DialogueStateTracker) -> bool:
        loop = tracker.active_loop
        if loop is None or not loop.rejected:
            return False
        last = tracker.latest_action_name
        return last not in {ACTION_LISTEN_NAME, loop.name, None, *self.config["leave_forms_after"]}


def _name(prediction: PolicyPrediction, domain: Domain) -> str | None:
    if prediction.max_confidence <= 0:
        return None
    return str(domain.action_names_or_texts[prediction.max_confidence_index])
