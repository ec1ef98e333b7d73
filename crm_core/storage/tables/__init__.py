"""Every table of the unified customer database."""

from crm_core.storage.tables._columns import metadata
from crm_core.storage.tables.desk import activity, canned_replies, conversation_tags, note_mentions, notes
from crm_core.storage.tables.insight import (
    articles,
    feedback,
    imports,
    interactions,
    model_versions,
    recommendation_outcomes,
    recommendations_served,
    score_uses,
    scores,
    segments,
)
from crm_core.storage.tables.intake import import_cursors, quality_fields, quality_issues, raw_records
from crm_core.storage.tables.likeness import likeness_keys, merges
from crm_core.storage.tables.people import consents, customers, identities, key_ring, privacy_requests, subject_keys
from crm_core.storage.tables.questions import article_changes, handoffs_read, question_topics, questions
from crm_core.storage.tables.search import search_positions, search_words
from crm_core.storage.tables.shop import lookup_failures, order_items, order_requests, orders, products
from crm_core.storage.tables.suggestions import suggestions
from crm_core.storage.tables.talk import (
    access_log,
    agents,
    attachments,
    conversations,
    deliveries,
    handoffs,
    messages,
    ratings,
    saved_filters,
    tickets,
    timers,
    turns,
)

__all__ = [
    "access_log",
    "activity",
    "agents",
    "article_changes",
    "articles",
    "attachments",
    "canned_replies",
    "consents",
    "conversation_tags",
    "conversations",
    "customers",
    "deliveries",
    "feedback",
    "handoffs",
    "handoffs_read",
    "identities",
    "import_cursors",
    "imports",
    "interactions",
    "key_ring",
    "likeness_keys",
    "lookup_failures",
    "merges",
    "messages",
    "metadata",
    "model_versions",
    "note_mentions",
    "notes",
    "order_items",
    "order_requests",
    "orders",
    "privacy_requests",
    "products",
    "quality_fields",
    "quality_issues",
    "question_topics",
    "questions",
    "ratings",
    "raw_records",
    "recommendation_outcomes",
    "recommendations_served",
    "saved_filters",
    "score_uses",
    "scores",
    "search_positions",
    "search_words",
    "segments",
    "subject_keys",
    "suggestions",
    "tickets",
    "timers",
    "turns",
]
