"""The way into the library: `Crm` puts the use cases together, one attribute per subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_core.clock import Clock, now
from crm_core.errors import StorageUnavailable
from crm_core.knowledge.likeness import Encoder
from crm_core.privacy.vault import Vault
from crm_core.settings import Settings
from crm_core.storage import migrations
from crm_core.storage.database import Database
from crm_core.storage.keys import KeyRing
from crm_core.use_cases.activity import ActivityLog
from crm_core.use_cases.advice import Advice
from crm_core.use_cases.articles import Articles
from crm_core.use_cases.attachments import Attachments
from crm_core.use_cases.backups import Backups
from crm_core.use_cases.canned_replies import CannedReplies
from crm_core.use_cases.catalogue import Catalogue
from crm_core.use_cases.context import Context
from crm_core.use_cases.conversations import Conversations
from crm_core.use_cases.customers import Customers
from crm_core.use_cases.deliveries import Deliveries
from crm_core.use_cases.feedback import Feedback
from crm_core.use_cases.identity import Identity
from crm_core.use_cases.intake import Intake
from crm_core.use_cases.keys import Keys
from crm_core.use_cases.knowledge import Knowledge
from crm_core.use_cases.lists import Lists
from crm_core.use_cases.merges import Merges
from crm_core.use_cases.notes import Notes
from crm_core.use_cases.orders import Orders
from crm_core.use_cases.privacy import Privacy
from crm_core.use_cases.quality import Quality
from crm_core.use_cases.question_topics import QuestionTopics
from crm_core.use_cases.questions import Questions
from crm_core.use_cases.recommendations import Recommendations
from crm_core.use_cases.reports import Reports
from crm_core.use_cases.retention import Retention
from crm_core.use_cases.schema import Schema
from crm_core.use_cases.scores import Scores
from crm_core.use_cases.search import Search
from crm_core.use_cases.staff import Staff
from crm_core.use_cases.suggestions import Suggestions
from crm_core.use_cases.team import Team
from crm_core.use_cases.tickets import Tickets
from crm_core.use_cases.training import Training
from crm_core.use_cases.treatment import Treatment


@dataclass(frozen=True, slots=True)
class Health:
    """What `Crm.health` found."""

    reachable: bool
    migrated: bool  # at the version that this program needs
    version: str | None
    problem: str | None = None

    @property
    def ready(self) -> bool:
        """Whether customers can be served."""
        return self.reachable and self.migrated


class Crm:
    """All that Rapport can do with what it knows of customers.

    Args:
        settings: Where the database is and the keys that seal it.
        clock: Gives the present moment; tests pass their own.
        encoder: Opens what compares questions with articles by meaning, where one is installed.
    """

    def __init__(
        self, settings: Settings, clock: Clock = now, encoder: Callable[[], Encoder | None] | None = None
    ) -> None:
        master, *before = settings.master_keys
        vault = Vault(master, settings.index_key.get_secret_value(), before, settings.master_keys_now)
        self.settings = settings
        self.database = Database(settings.database)
        context = Context(self.database, KeyRing(vault, clock), settings, clock)
        self._context = context
        # One attribute per subject, in alphabetical order.
        self.activity = ActivityLog(context)
        self.articles = Articles(context)
        self.attachments = Attachments(context)
        self.backups = Backups(context)
        self.canned_replies = CannedReplies(context)
        self.catalogue = Catalogue(context)
        self.conversations = Conversations(context)
        self.customers = Customers(context)
        self.deliveries = Deliveries(context)
        self.feedback = Feedback(context)
        self.knowledge = Knowledge(context, encoder=encoder)
        self.identity = Identity(context)
        self.intake = Intake(context, self.knowledge.load, self.catalogue.publish)
        self.keys = Keys(context)
        self.merges = Merges(context)
        self.notes = Notes(context)
        self.lists = Lists(context, self.conversations)
        self.orders = Orders(context)
        self.recommendations = Recommendations(context)
        self.privacy = Privacy(context)
        self.quality = Quality(context)
        self.question_topics = QuestionTopics(context)
        self.questions = Questions(context)
        self.reports = Reports(context)
        self.schema = Schema(context)
        self.retention = Retention(context)
        self.scores = Scores(context)
        self.search = Search(context)
        self.staff = Staff(context)
        self.suggestions = Suggestions(context, self.knowledge)
        self.team = Team(context)
        self.tickets = Tickets(context)
        self.training = Training(context)
        self.treatment = Treatment(context)
        self.advice = Advice(context, self.catalogue, self.recommendations, self.treatment)

    def migrate(self) -> None:
        """Bring the database to the newest version; safe to call at every start, by several processes at once.

        Raises:
            StorageUnavailable: The database cannot be reached or written.
            SettingsInvalid: It was written with other keys than those at hand.
        """
        migrations.upgrade(self.database)
        self.schema.prepare_months()
        self.keys.verify()

    def health(self) -> Health:
        """Tell whether the database answers and has the version that this program needs; never raises."""
        try:
            version = migrations.current(self.database)
        except StorageUnavailable as error:
            return Health(reachable=False, migrated=False, version=None, problem=str(error))
        return Health(reachable=True, migrated=version == migrations.head(), version=version)

    def close(self) -> None:
        """Close the database connections."""
        self.database.close()
