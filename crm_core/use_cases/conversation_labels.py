"""What agents put on a conversation: tags, a priority, and laying it aside for a while."""

from __future__ import annotations

from datetime import datetime

from crm_core.conversations.labels import Snooze, snoozed_until, tidy_tag
from crm_core.conversations.timers import Timer
from crm_core.conversations.urgency import Priority
from crm_core.privacy import rights
from crm_core.records.conversations import Conversation
from crm_core.records.people import Actor
from crm_core.storage import activity, tags, timers
from crm_core.storage import conversations as rows
from crm_core.use_cases.conversation_moves import ConversationMoves

_KNOWN_TAGS = 200


class ConversationLabels(ConversationMoves):
    """Tags, priority and snooze; each leaves a line in the conversation's timeline."""

    def tags(self, conversation_id: str) -> list[str]:
        """Give the tags of a conversation in the order in which they were put there."""
        with self._context.database.reading() as connection:
            return tags.of_conversation(connection, conversation_id)

    def known_tags(self) -> list[str]:
        """Give the tags that are used most, by name."""
        with self._context.database.reading() as connection:
            return tags.most_used(connection, _KNOWN_TAGS)

    def add_tag(self, conversation_id: str, tag: str, *, actor: Actor) -> list[str]:
        """Put a tag on a conversation, open or closed, and give all that it has.

        Raises:
            NotAllowed: The actor answers no customers.
            InvalidInput: The tag is empty or too long.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        tidy, at = tidy_tag(tag), self._context.clock()
        with self._context.database.writing() as connection:
            rows.by_id(connection, conversation_id)
            if tags.add(connection, conversation_id, tidy, actor.id, at):
                activity.add(connection, conversation_id, "tag_added", actor.id, at, label=tidy)
            return tags.of_conversation(connection, conversation_id)

    def remove_tag(self, conversation_id: str, tag: str, *, actor: Actor) -> list[str]:
        """Take a tag off a conversation and give those that are left.

        Raises:
            NotAllowed: The actor answers no customers.
        """
        rights.check(actor, "desk")
        tidy, at = tidy_tag(tag), self._context.clock()
        with self._context.database.writing() as connection:
            if tags.remove(connection, conversation_id, tidy):
                activity.add(connection, conversation_id, "tag_removed", actor.id, at, label=tidy)
            return tags.of_conversation(connection, conversation_id)

    def set_priority(self, conversation_id: str, priority: Priority, *, actor: Actor) -> Conversation:
        """Rank a conversation by hand; in the queue that changes who is next.

        Raises:
            NotAllowed: The actor answers no customers.
            ConversationNotFound: There is no such conversation.
        """
        rights.check(actor, "desk")
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if row.priority != priority.value:
                at = self._context.clock()
                activity.add(connection, conversation_id, "priority_set", actor.id, at, priority=priority.value)
                row = rows.change(connection, conversation_id, priority=priority.value)
            return rows.record(row)

    def snooze(self, conversation_id: str, choice: Snooze, *, actor: Actor) -> Conversation:
        """Lay a conversation of one's own aside until later; what the customer writes brings it back before.

        Args:
            conversation_id: Which conversation.
            choice: Until when.
            actor: Whose it is.

        Raises:
            NotAllowed: It is not this person's.
        """
        at = self._context.clock()
        return self._set_snooze(conversation_id, snoozed_until(choice, at, self._context.settings.timezone), actor, at)

    def wake(self, conversation_id: str, *, actor: Actor) -> Conversation:
        """Bring a conversation that was laid aside back at once.

        Raises:
            NotAllowed: It is not this person's.
        """
        return self._set_snooze(conversation_id, None, actor, self._context.clock())

    def _set_snooze(self, conversation_id: str, until: datetime | None, actor: Actor, at: datetime) -> Conversation:
        rights.check(actor, "desk")
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            rows.ownership(row).check_may_write(actor.id)
            if until is None:
                timers.stop(connection, conversation_id, Timer.SNOOZE)
            else:
                timers.wind_up(connection, conversation_id, Timer.SNOOZE, until)
            if row.snoozed_until != until:
                detail = {"until": until.isoformat()} if until else {}
                deed = "snoozed" if until else "woken"
                activity.add(connection, conversation_id, deed, actor.id, at, **detail)
            return rows.record(rows.change(connection, conversation_id, snoozed_until=until))
