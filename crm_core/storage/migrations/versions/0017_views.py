"""Views for reports that others make: stable names, no personal values (`docs/views.md`)."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_VIEWS = {
    "bi_customers": """
        SELECT id AS customer_id, status, language, country, first_seen_at, last_seen_at
        FROM customers WHERE status IN ('active', 'anonymous')
    """,
    "bi_orders": """
        SELECT orders.id AS order_id, orders.customer_id, orders.source, orders.status, orders.placed_at,
            orders.currency, orders.total_minor, orders.payment_method, orders.carrier,
            orders.expected_at, orders.delivered_at
        FROM orders
    """,
    "bi_order_items": """
        SELECT order_items.id AS item_id, order_items.order_id, order_items.line, order_items.product_id,
            order_items.sku, products.category, order_items.quantity, order_items.unit_price_minor,
            orders.currency, orders.placed_at
        FROM order_items
        JOIN orders ON orders.id = order_items.order_id
        LEFT JOIN products ON products.id = order_items.product_id
    """,
    "bi_products": """
        SELECT id AS product_id, sku, title_en, title_zh, category, price_minor, currency, stock, active
        FROM products
    """,
    "bi_interactions": """
        SELECT id AS interaction_id, customer_id, conversation_id, name, channel, source, product_id,
            amount_minor, currency, occurred_at, received_at
        FROM interactions
    """,
    "bi_conversations": """
        SELECT id AS conversation_id, customer_id, channel, language, status, owner, agent_id, outcome, priority,
            last_seq AS messages, opened_at, last_message_at, closed_at
        FROM conversations
    """,
    "bi_turns": """
        SELECT id AS turn_id, conversation_id, intent, confidence, fallback, suppressed, failed, duration_ms, created_at
        FROM turns
    """,
    "bi_handoffs": """
        SELECT id AS handoff_id, conversation_id, reason, requested_by, agent_id, team, skill, requested_at, taken_at,
            first_reply_at, ended_at, exit AS ended_by, reply_due_at, solve_due_at
        FROM handoffs
    """,
    "bi_agents": "SELECT id AS agent_id, role, team, active, created_at FROM agents",
    "bi_feedback": """
        SELECT id AS feedback_id, customer_id, conversation_id, source, language, category, category_probability,
            sentiment, sentiment_probability, serious, rating, model_version, created_at
        FROM feedback
    """,
    "bi_ratings": "SELECT id AS rating_id, conversation_id, score, created_at FROM ratings",
    "bi_scores": """
        SELECT scores.customer_id, scores.task, scores.value, scores.lower, scores.upper, scores.label,
            scores.model_version, scores.as_of
        FROM scores
        WHERE NOT EXISTS (
            SELECT 1 FROM scores AS later
            WHERE later.customer_id = scores.customer_id AND later.task = scores.task
                AND (later.as_of > scores.as_of OR (later.as_of = scores.as_of AND later.id > scores.id))
        )
    """,
    "bi_recommendations": """
        SELECT served.id AS recommendation_id, served.customer_id, served.conversation_id, served.product_id,
            served.rank, served.policy, served.propensity, served.served_at,
            outcomes.event, outcomes.value_minor, outcomes.occurred_at AS event_at
        FROM recommendations_served AS served
        LEFT JOIN recommendation_outcomes AS outcomes ON outcomes.served_id = served.id
    """,
    "bi_imports": """
        SELECT id AS import_id, source, entity, rows_read, accepted, rejected, repaired, known, started_at, finished_at
        FROM imports
    """,
}


def upgrade() -> None:
    """Go to this version."""
    for name, query in _VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    """Go back to the version before."""
    for name in _VIEWS:
        op.execute(f"DROP VIEW {name}")
