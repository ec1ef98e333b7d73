"""Replies suggested to an agent: from the articles, and from what colleagues answered in like cases."""

from __future__ import annotations

from itertools import chain, zip_longest

import sqlalchemy as sa
from rapidfuzz import fuzz

from crm_core.errors import NotFound
from crm_core.knowledge.cases import most_alike
from crm_core.knowledge.plain import plain_text
from crm_core.knowledge.terms import grams
from crm_core.language import detect_language
from crm_core.privacy import rights
from crm_core.privacy.other_people import masks, without_person
from crm_core.records.conversations import Author, Conversation, Message, Owner
from crm_core.records.knowledge import Audience
from crm_core.records.people import Actor
from crm_core.records.suggestions import Fate, Source, Suggestion
from crm_core.storage import activity, conversations, messages, staff
from crm_core.storage import questions as asked
from crm_core.storage import suggestions as rows
from crm_core.use_cases.context import Context
from crm_core.use_cases.knowledge import Knowledge

AT_MOST = 3
_OF_EACH = 2  # from the articles, from colleagues
_CASES = 500  # newest answered questions that are compared
_MASKED = 2  # a reply with more than that masked in it was about that customer alone
_LEAST_LIKE = 50.0  # of 100: below that what was sent is not the suggestion any more


class SuggestionNotFound(NotFound):
    """No such suggestion."""

    what = "suggestion"


class Suggestions:
    """The use cases of suggested replies.

    Args:
        context: The collaborators.
        knowledge: Where the articles are found.
    """

    def __init__(self, context: Context, knowledge: Knowledge) -> None:
        self._context = context
        self._knowledge = knowledge

    def of(self, conversation_id: str, *, actor: Actor) -> list[Suggestion]:
        """Give what could be answered to the customer's last message, and keep that it was shown.

        Returns:
            At most three, those left out that were dismissed; none unless the actor has the conversation and the
            customer's last message, which says something, still waits for an answer.

        Raises:
            NotAllowed: The actor may not.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        with self._context.database.reading() as connection:
            talk = conversations.record(conversations.by_id(connection, conversation_id))
            question = self._unanswered(connection, talk)
            if question is None or talk.owner is not Owner.HUMAN or talk.agent_id != actor.id:
                return []
            text = str(question.body["text"])
            language = detect_language(text, talk.language)
            from_colleagues = self._from_colleagues(connection, talk, text, language, actor)
        found = _in_turn(self._from_articles(talk, text, language), from_colleagues)
        return self._kept(talk, question, found, actor) if found else []

    def dismiss(self, suggestion_id: str, *, actor: Actor) -> None:
        """Keep that an agent does not want a suggestion.

        Raises:
            NotAllowed: The actor may not.
            SuggestionNotFound: There is none.
        """
        self._decide(suggestion_id, Fate.DISMISSED, actor)

    def accept(self, suggestion_id: str, *, actor: Actor) -> None:
        """Keep that an agent took a suggestion over, to send it as it is or changed.

        Raises:
            NotAllowed: The actor may not.
            SuggestionNotFound: There is none.
        """
        self._decide(suggestion_id, Fate.ACCEPTED, actor)

    def sent(self, suggestion: Suggestion, text: str, *, actor: Actor) -> Fate | None:
        """Keep in what form a suggestion that was taken over went to the customer.

        Args:
            suggestion: What was taken over.
            text: What was sent.
            actor: Who sent it.

        Returns:
            As it was (`ACCEPTED`) or `EDITED`; None where something else was written instead.

        Raises:
            NotAllowed: The actor may not.
            SuggestionNotFound: There is none.
        """
        before, after = " ".join(suggestion.text.split()), " ".join(text.split())
        if fuzz.ratio(before, after) < _LEAST_LIKE:
            return None
        fate = Fate.ACCEPTED if before == after else Fate.EDITED
        self._decide(suggestion.id, fate, actor, sent=True)
        return fate

    def _decide(self, suggestion_id: str, fate: Fate, actor: Actor, *, sent: bool = False) -> None:
        rights.check(actor, "desk")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.decide(connection, suggestion_id, actor.id, fate, at, sent=sent)
            if row is None:
                raise SuggestionNotFound(suggestion_id)
            if sent:
                detail = {"source": row.source, "fate": fate.value}
                activity.add(connection, row.conversation_id, "suggestion_used", actor.id, at, **detail)

    def _unanswered(self, connection: sa.Connection, talk: Conversation) -> Message | None:
        """Give the customer's last message unless a person has answered since, or it says nothing."""
        for row in messages.last_of(connection, talk.id, [Author.CUSTOMER, Author.AGENT], 1):
            last = messages.opened(connection, self._context.keys, row, row.key_id)
            text = str(last.body.get("text") or "")
            if last.author is Author.CUSTOMER and not last.body.get("payload") and grams(text):
                return last
        return None

    def _from_articles(self, talk: Conversation, text: str, language: str) -> list[Suggestion]:
        audience = Audience.CUSTOMERS if talk.verified else Audience.EVERYONE
        passages = self._knowledge.likely(text, language, audience=audience)[:_OF_EACH]
        return [Suggestion("", Source.ARTICLE, each.slug, each.title, plain_text(each.text)) for each in passages]

    def _from_colleagues(
        self, connection: sa.Connection, talk: Conversation, text: str, language: str, actor: Actor
    ) -> list[Suggestion]:
        cases = rows.answered_by_people(connection, language, talk.id, _CASES)
        self._context.keys.prefetch(connection, [case.key_id for case in cases])
        read = [(case, each) for case in cases if (each := asked.opened(connection, self._context.keys, case))]
        names = {row.id: row.name for row in staff.everybody(connection)}
        found: dict[str, Suggestion] = {}
        for place in most_alike(text, [each.text for _, each in read]):
            case, each = read[place]
            known = rows.known_of(connection, self._context.keys, case.customer_id)
            reply = without_person(each.reply or "", known, names.values(), names.get(actor.id, ""))
            if masks(reply) <= _MASKED:
                title = without_person(each.text, known)
                found.setdefault(reply, Suggestion("", Source.COLLEAGUE, each.id, title, reply))
            if len(found) == _OF_EACH:
                break
        return sorted(found.values(), key=lambda one: masks(one.text))

    def _kept(self, talk: Conversation, question: Message, found: list[Suggestion], actor: Actor) -> list[Suggestion]:
        wanted = [(one.source, one.reference) for one in found]
        with self._context.database.writing(durable=False) as connection:
            kept = rows.show(connection, talk.id, question.id, actor.id, wanted, self._context.clock())
        return [
            Suggestion(kept[key].id, one.source, one.reference, one.title, one.text)
            for key, one in zip(wanted, found, strict=True)
            if kept[key].outcome != Fate.DISMISSED.value
        ]


def _in_turn(articles: list[Suggestion], colleagues: list[Suggestion]) -> list[Suggestion]:
    """Give the best of either before the second best."""
    both = chain.from_iterable(zip_longest(articles, colleagues))
    return [one for one in both if one is not None][:AT_MOST]
