"""Keeps those parts of Rasa out of the process that nothing names, TensorFlow above all.

Rasa imports every component, policy and channel that it ships, whatever the configuration says. Here a module of Rasa's
that nobody needs is replaced, before it is imported, by one whose classes are empty and say so when they are used.
Libraries are never replaced: who imports TensorFlow gets TensorFlow.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from bot.assistant.levers.switches import VARIABLE, Lever


class PartKeptOut(RuntimeError):
    """Something uses a part of Rasa that the configuration does not name."""


@dataclass(frozen=True)
class Group:
    """Modules of which none is needed while no configuration names any of them.

    Attributes:
        lever: What switches it.
        modules: What others import from each module.
        names: What a configuration may say besides the classes' own names.
    """

    lever: Lever
    modules: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...] = ()

    def is_named(self, named: Collection[str]) -> bool:
        """Tell whether one of the classes, with or without its module, or one of the names is among `named`."""
        classes = [(module, each) for module, found in self.modules.items() for each in found]
        known = {each for _, each in classes} | {f"{module}.{each}" for module, each in classes} | set(self.names)
        return not known.isdisjoint(named)


def _channel(module: str, class_name: str, name: str | None = None) -> Group:
    return Group(Lever.ONLY_NAMED, {f"rasa.core.channels.{module}": (class_name,)}, (name or module,))


_TENSORFLOW = Group(
    Lever.NO_TENSORFLOW,
    {
        "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
        "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
        "rasa.core.policies.ted_policy": ("TEDPolicy",),
        "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
        "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
        "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
        "rasa.utils.tensorflow.model_data": ("Data", "FeatureArray", "RasaModelData", "ragged_array_to_ndarray"),
    },
)
_SCIKIT_LEARN = Group(
    Lever.ONLY_NAMED,
    {
        "rasa.nlu.classifiers.logistic_regression_classifier": ("LogisticRegressionClassifier",),
        "rasa.nlu.classifiers.sklearn_intent_classifier": ("SklearnIntentClassifier",),
        "rasa.nlu.extractors.crf_entity_extractor": ("CRFEntityExtractor", "CRFEntityExtractorOptions"),
        "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer": ("CountVectorsFeaturizer",),
    },
)
_DRAWINGS = Group(
    Lever.ONLY_NAMED,  # of Rasa's evaluations
    {"rasa.utils.plotting": ("plot_confusion_matrix", "plot_curve", "plot_paired_histogram")},
)
GROUPS = (
    _TENSORFLOW,
    _SCIKIT_LEARN,
    _DRAWINGS,
    _channel("botframework", "BotFrameworkInput"),
    _channel("console", "CmdlineInput", "cmdline"),
    _channel("facebook", "FacebookInput"),
    _channel("hangouts", "HangoutsInput"),
    _channel("mattermost", "MattermostInput"),
    _channel("rocketchat", "RocketChatInput"),
    _channel("slack", "SlackInput"),
    _channel("telegram", "TelegramInput"),
    _channel("twilio", "TwilioInput"),
    _channel("twilio_voice", "TwilioVoiceInput"),
    _channel("webexteams", "WebexTeamsInput"),
)


def keep_out(levers: Collection[Lever], named: Collection[str]) -> None:
    """Replace what the levers allow and nothing names; to be called before Rasa is imported.

    Args:
        levers: What is switched on.
        named: Components, policies and channels that the configuration or the model names.
    """
    groups = [group for group in GROUPS if group.lever in levers and not group.is_named(named)]
    if groups:
        sys.meta_path.insert(0, _StandIns(groups))


class _StandIns(MetaPathFinder, Loader):
    """Finds an empty module in the place of each that is kept out."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = {module: group for group in groups for module in group.modules}

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in self._groups else None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        group = self._groups[module.__name__]
        for name in group.modules[module.__name__]:
            own = {"__module__": module.__name__, "lever": group.lever, "said_name": "".join(group.names)}
            setattr(module, name, type(name, (_StandIn,), own))


class _StandIn:
    """Takes the place of a class (or function) in imports and annotations; whoever uses it is told."""

    lever: Lever
    said_name: str

    def __init__(self, *_: Any, **__: Any) -> None:
        self._refuse()

    @classmethod
    def name(cls) -> str:
        """Return what a channel is called among Rasa's channels."""
        return cls.said_name

    @classmethod
    def _refuse(cls, *_: Any, **__: Any) -> NoReturn:
        part = f"{cls.__module__}.{cls.__qualname__}"
        raise PartKeptOut(f"{part} is not loaded, for nothing names it; {VARIABLE} without {cls.lever} loads it")

    create = load = from_credentials = _refuse
