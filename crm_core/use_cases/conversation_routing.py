"""To whom a conversation goes: by itself, by a colleague's wish, by a supervisor's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.conversations.assignment import Assignment, Colleague, Need, choose
from crm_core.conversations.owner import Move, State
from crm_core.conversations.timers import Timer
from crm_core.errors import Conflict, InvalidInput, NotAllowed
from crm_core.privacy import rights
from crm_core.records.conversations import Conversation
from crm_core.records.people import Actor
from crm_core.records.team import Member
from crm_core.storage import activity, handoffs, staff, team, timers
from crm_core.storage import conversations as rows
from crm_core.storage.messages import Row
from crm_core.use_cases.conversation_handoffs import CARRIED, ConversationHandoffs
from crm_core.use_cases.conversation_queue import ConversationQueue
from crm_core.use_cases.team import THERE

_KNOWS_CUSTOMER = timedelta(hours=24)  # who served a customer so lately goes on with them


class ConversationRouting(ConversationHandoffs, ConversationQueue):
    """Assignment and transfer."""

    def assign_waiting(self) -> list[Conversation]:
        """Give those who wait to people who are there and have room, the most urgent first.

        Safe to call by several gateways at once, as often as one likes.

        Returns:
            The conversations that have somebody now.
        """
        rule, at = Assignment(self._context.settings.assignment), self._context.clock()
        if rule is Assignment.MANUAL:
            return []
        with self._context.database.reading() as connection:
            colleagues = [team.colleague(member) for member in team.members(connection, at - THERE)]
            if not any(each.has_room for each in colleagues):
                return []
            wishes = [(row, self._need(connection, row, at)) for _, row in self._order(connection, at)]
        given = []
        for row, need in wishes:
            if chosen := choose(need, colleagues, rule):
                if talk := self._assign(row, chosen, at):
                    given.append(talk)
                colleagues = [_busier(each, at) if each.id == chosen.id else each for each in colleagues]
        return given

    def assign(self, conversation_id: str, agent_id: str, *, actor: Actor) -> Conversation:
        """Give a conversation to somebody, whoever has it: a supervisor's word.

        Raises:
            NotAllowed: The actor may not.
            AgentNotFound: There is no such person, or they no longer work here.
            Conflict: It is closed.
        """
        rights.check(actor, "assign")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            agent = staff.active_by_id(connection, agent_id)
            row = rows.by_id(connection, conversation_id, lock=True)
            activity.add(connection, conversation_id, "assigned", actor.id, at, label=agent.name)
            return rows.record(self._give(connection, row, agent.id, agent.name, at))

    def offer(self, conversation_id: str, agent_id: str, colleague_id: str) -> Conversation:
        """Ask a colleague to take a conversation over; it stays where it is until they accept.

        Raises:
            NotAllowed: It is not this person's.
            Conflict: The colleague is not there.
            InvalidInput: The colleague is the person who has it.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            rows.ownership(row).check_may_write(agent_id)
            if colleague_id == agent_id:
                raise InvalidInput("colleague", colleague_id, "has the conversation already")
            if not _member(connection, colleague_id, at).is_there:
                raise Conflict("the colleague is not there")
            handoffs.change(connection, conversation_id, offered_to=colleague_id)
            until = at + timedelta(seconds=self._context.settings.offer_seconds)
            timers.wind_up(connection, conversation_id, Timer.OFFER, until)
            return rows.record(row)

    def accept_offer(self, conversation_id: str, agent_id: str) -> Conversation:
        """Take what a colleague offered.

        Raises:
            Conflict: It is not offered to this person (any more).
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            agent = staff.active_by_id(connection, agent_id)
            row = rows.by_id(connection, conversation_id, lock=True)
            self._check_offered(connection, conversation_id, agent_id)
            return rows.record(self._give(connection, row, agent_id, agent.name, at))

    def decline_offer(self, conversation_id: str, agent_id: str) -> Conversation:
        """Leave with a colleague what they offered.

        Raises:
            Conflict: It is not offered to this person (any more).
        """
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            self._check_offered(connection, conversation_id, agent_id)
            handoffs.change(connection, conversation_id, offered_to=None)
            timers.stop(connection, conversation_id, Timer.OFFER)
            return rows.record(row)

    def send_to_team(self, conversation_id: str, agent_id: str, team_name: str) -> Conversation:
        """Put a conversation into the queue of a team, at the place that its first request gave it.

        Raises:
            NotAllowed: It is not this person's.
            InvalidInput: Nobody is in that team.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            if all(member.team != team_name for member in team.members(connection, at - THERE)):
                raise InvalidInput("team", team_name, "has no members")
            row = rows.by_id(connection, conversation_id, lock=True)
            return rows.record(self._release(connection, row, agent_id, at, exit_="transferred", team=team_name))

    def release_all(self, agent_id: str) -> list[Conversation]:
        """Put all that somebody has back into the queue: they work here no more."""
        return [self.release(talk.id, agent_id) for talk in self.of_agent(agent_id)]

    def _need(self, connection: sa.Connection, row: Row, at: datetime) -> Need:
        known = handoffs.last_agent(connection, row.customer_id, at - _KNOWS_CUSTOMER)
        tried = frozenset(row.tried)
        return Need(row.language, row.skill, row.team, tried, None if known in tried else known)

    def _assign(self, row: Row, chosen: Colleague, at: datetime) -> Conversation | None:
        with self._context.database.writing() as connection:
            now = rows.by_id(connection, row.id, lock=True)
            if now.version != row.version or rows.ownership(now).state is not State.QUEUE:
                return None  # another gateway was first, or somebody took it by hand
            agent = staff.active_by_id(connection, chosen.id)
            staff.change(connection, agent.id, assigned_at=at)  # holds off another gateway that would fill them up, too
            if team.load(connection, agent.id) >= chosen.capacity:
                return None
            return rows.record(self._give(connection, now, agent.id, agent.name, at))

    def _give(self, connection: sa.Connection, row: Row, agent_id: str, name: str, at: datetime) -> Row:
        """Give a conversation to a person, from the bot, the queue or another person."""
        before = rows.ownership(row)
        if before.state is not State.HUMAN:
            return self._take(connection, row, agent_id, name, at)
        target = before.moved(Move.TRANSFER, agent_id)
        if target is before:
            return row
        wish = handoffs.of_conversation(connection, row.id)
        handoffs.end(connection, row.id, "transferred", at)
        reason, asked_by = ("taken", "agent") if wish is None else (wish.reason, wish.requested_by)
        carried = {} if wish is None else {name: getattr(wish, name) for name in CARRIED}
        handoffs.start(connection, row.id, reason, asked_by, at, agent_id=agent_id, **carried)
        line = {"event": "agent_changed", "name": name}
        return self._move(connection, row, target, line, at, last_message_at=at)

    def _check_offered(self, connection: sa.Connection, conversation_id: str, agent_id: str) -> None:
        wish = handoffs.of_conversation(connection, conversation_id)
        if wish is None or wish.offered_to != agent_id:
            raise Conflict("the conversation is not offered to this agent")


def _member(connection: sa.Connection, agent_id: str, at: datetime) -> Member:
    for member in team.members(connection, at - THERE):
        if member.id == agent_id:
            return member
    raise NotAllowed("no such colleague")


def _busier(colleague: Colleague, at: datetime) -> Colleague:
    return replace(colleague, load=colleague.load + 1, assigned_at=at)
