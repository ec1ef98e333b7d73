"""What customers asked of the articles: kept with what was answered, and whether it helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.knowledge.record import for_the_record
from crm_core.knowledge.terms import grams
from crm_core.language import detect_language
from crm_core.records.questions import ArticleUse, Outcome, Question
from crm_core.records.shop import Passage
from crm_core.storage import questions as rows
from crm_core.use_cases.context import Context

_LONGEST_REPLY = 4000  # characters


@dataclass(frozen=True, slots=True)
class Judged:
    """A question whose answer the customer has judged, and the articles that were quoted to it."""

    question: Question
    quoted: frozenset[str]


class Questions:
    """The questions that were put to the articles.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def answered(
        self,
        conversation_id: str,
        text: str,
        passage: Passage,
        *,
        message_id: str,
        rephrased: bool = False,
        follows: str | None = None,
    ) -> str | None:
        """Keep that a passage was quoted to a question.

        Args:
            conversation_id: Where it was asked.
            text: What was asked, as the customer put it; it is kept masked.
            passage: What was quoted.
            message_id: The customer's message; the same answer to the same message is kept once.
            rephrased: Whether a language model put the passage into other words.
            follows: The question whose answer had not helped, where this is the next best.

        Returns:
            The id by which the customer's verdict is kept, None where there is no such conversation.
        """
        values = {"slug": passage.slug, "score": passage.score, "rephrased": rephrased, "follows_id": follows}
        return self._keep(conversation_id, text, message_id, Outcome.ANSWERED, passage.language, **values)

    def missed(self, conversation_id: str, text: str, outcome: Outcome, *, message_id: str, language: str) -> None:
        """Keep that a question was not answered; one that says nothing ("hm?") is not kept.

        Args:
            conversation_id: Where it was asked.
            text: What was asked; it is kept masked.
            outcome: `UNKNOWN` where no article says, `FALLBACK` where nothing understood it.
            message_id: The customer's message.
            language: The conversation's language, where the text shows none.
        """
        if grams(text):
            self._keep(conversation_id, text, message_id, outcome, language)

    def judge(self, question_id: str, conversation_id: str, *, helped: bool) -> Judged | None:
        """Keep whether an answer helped; a second verdict replaces the first.

        Returns:
            The question with the articles that were quoted to it, None where there is none of this conversation.
        """
        with self._context.database.writing(durable=False) as connection:
            row = rows.judge(connection, question_id, conversation_id, helped, self._context.clock())
            question = None if row is None else rows.opened(connection, self._context.keys, row)
            if row is None or question is None:
                return None
            return Judged(question, frozenset(rows.quoted_with(connection, row)))

    def use_of_articles(self) -> dict[str, ArticleUse]:
        """Count for each article how often it was quoted and what customers said of it."""
        with self._context.database.reading() as connection:
            return rows.use_of_articles(connection)

    def _keep(
        self, conversation_id: str, text: str, message_id: str, outcome: Outcome, language: str, **values: Any
    ) -> str | None:
        # Not worth a customer's wait for the disk: a power cut may cost the last of them.
        with self._context.database.writing(durable=False) as connection:
            return keep(
                self._context, connection, conversation_id, text, message_id, outcome, language,
                self._context.clock(), **values,
            )  # fmt: skip


def keep(
    context: Context,
    connection: sa.Connection,
    conversation_id: str,
    text: str,
    message_id: str,
    outcome: Outcome,
    language: str,
    asked_at: datetime,
    *,
    reply: str | None = None,
    **values: Any,
) -> str | None:
    """Keep a question, masked, under its conversation's key; None where there is no such conversation."""
    key_id = rows.key_of(connection, conversation_id)
    if key_id is None:
        return None
    shown = for_the_record(text)
    sealed_reply = (
        None if reply is None else context.keys.seal(connection, key_id, for_the_record(reply, _LONGEST_REPLY))
    )
    return rows.add(
        connection,
        {
            "id": new_id(),
            "conversation_id": conversation_id,
            "message_id": message_id,
            "text_encrypted": context.keys.seal(connection, key_id, shown),
            "reply_encrypted": sealed_reply,
            "language": detect_language(text, language),
            "outcome": outcome.value,
            "slug": "",
            "rephrased": False,
            "asked_at": asked_at,
        }
        | values,
    )
