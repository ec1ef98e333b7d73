"""Every table of the unified customer database."""

from crm_core.storage.tables._columns import metadata
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
from crm_core.storage.tables.people import consents, customers, identities, privacy_requests, subject_keys
from crm_core.storage.tables.questions import article_changes, handoffs_read, question_topics, questions
from crm_core.storage.tables.shop import lookup_failures, order_items, order_requests, orders, products
from crm_core.storage.tables.talk import access_log, agents, conversations, handoffs, messages, ratings, turns

__all__ = [
    "access_log",
    "agents",
    "article_changes",
    "articles",
    "consents",
    "conversations",
    "customers",
    "feedback",
    "handoffs",
    "handoffs_read",
    "identities",
    "imports",
    "interactions",
    "lookup_failures",
    "messages",
    "metadata",
    "model_versions",
    "order_items",
    "order_requests",
    "orders",
    "privacy_requests",
    "products",
    "question_topics",
    "questions",
    "ratings",
    "recommendation_outcomes",
    "recommendations_served",
    "score_uses",
    "scores",
    "segments",
    "subject_keys",
    "turns",
]
