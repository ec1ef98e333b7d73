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
