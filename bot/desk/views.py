"""What the desk shows, read from the library at one go; nothing here draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crm_core.crm import Crm
from crm_core.personalisation import may_sell
from crm_core.records.conversations import Author, Conversation, Message, QueueEntry, Turn
from crm_core.records.people import Actor, Agent, Customer, Score
from crm_core.records.scores import SegmentView
from crm_core.records.shop import Offer, Order
from crm_core.records.voice import FeedbackEntry, ServedOffer
from crm_core.use_cases.feedback import FRESH

_RECENT = 8
_LOOK_BACK = 10  # messages; the last that somebody wrote is among them
_ORDERS = 20
_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation in a list on the left."""

    conversation_id: str
    name: str | None
    preview: str
    since: datetime  # in the queue: asked for a person; elsewhere: last message
    language: str
    segment: str | None
    position: int | None = None
    reason: str | None = None
    unread: bool = False  # the customer has the last word
    ending: str | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """The three lists on the left."""

    waiting: list[Item]
    mine: list[Item]
    recent: list[Item]


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation in the middle."""

    conversation: Conversation
    name: str | None
    agents: dict[str, str]  # id → name of those who wrote or own it
    waiting: QueueEntry | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """The customer on the right."""

    customer: Customer
    conversation: Conversation
    segment: SegmentView | None
    intent: Score | None
    may_sell: bool  # whether the rules let anything be offered unasked
    orders: list[Order]
    feedback: list[FeedbackEntry]
    served: list[ServedOffer]
    earlier: list[Conversation]
    offers: list[Offer] = field(default_factory=list)  # read once: their choice leaves a place to chance


@dataclass(frozen=True, slots=True)
class ExplainedTurn:
    """One turn of the assistant with the text that it answered."""

    turn: Turn
    text: str


def read_lists(crm: Crm, agent: Agent, language: str) -> Lists:
    """Read the queue, the agent's own conversations and those closed last."""
    actor = Actor(agent.id, agent.role)
    waiting = [_waiting(crm, entry, actor, language) for entry in crm.conversations.queue()]
    mine = [_listed(crm, conversation, actor, language) for conversation in crm.conversations.of_agent(agent.id)]
    closed = [talk for talk in crm.conversations.recent(_RECENT * 3) if talk.status == "closed"][:_RECENT]
    return Lists(waiting, mine, [_listed(crm, conversation, actor, language) for conversation in closed])


def read_talk(crm: Crm, conversation_id: str, actor: Actor) -> Talk:
    """Read what stands above a conversation and decides what may be done with it."""
    conversation = crm.conversations.get(conversation_id)
    agents = {agent.id: agent.name for agent in crm.staff.list()}
    name = crm.customers.get(conversation.customer_id, actor=actor).name
    return Talk(conversation, name, agents, crm.conversations.handoff_state(conversation_id))


def read_portrait(crm: Crm, conversation_id: str, actor: Actor, language: str, *, unmask: bool = False) -> Portrait:
    """Read all that is known of the customer of a conversation.

    Args:
        crm: The library.
        conversation_id: Whose customer.
        actor: Who looks; what that person may not see is masked.
        language: Of segment texts and offers.
        unmask: Show personal values whole; kept in the access log.
    """
    conversation = crm.conversations.get(conversation_id)
    customer_id = conversation.customer_id
    earlier = [other for other in crm.conversations.of_customer(customer_id) if other.id != conversation_id]
    segment = crm.scores.segment(customer_id, language)
    feedback = crm.feedback.of_customer(customer_id)
    complained = any(
        entry.sentiment == "negative" and entry.created_at > conversation.last_message_at - FRESH for entry in feedback
    )
    return Portrait(
        customer=crm.customers.get(customer_id, actor=actor, unmask=unmask),
        conversation=conversation,
        segment=segment,
        intent=crm.scores.current(customer_id).get("purchase_intent"),
        may_sell=may_sell(segment.key if segment else None, complained=complained),
        orders=crm.orders.of_customer(customer_id)[:_ORDERS],
        feedback=feedback,
        served=crm.recommendations.of_customer(customer_id),
        earlier=earlier,
    )


def read_offers(crm: Crm, conversation: Conversation, language: str) -> list[Offer]:
    """Choose what could be offered to the customer of a conversation; nothing is logged."""
    return crm.recommendations.offer(
        conversation.customer_id, conversation_id=conversation.id, language=language, limit=_OFFERS
    )


def read_turns(crm: Crm, conversation_id: str) -> list[ExplainedTurn]:
    """Read the assistant's turns, the newest first."""
    texts = {message.id: message_text(message) for message in crm.conversations.messages(conversation_id, limit=2000)}
    turns = sorted(crm.conversations.turns(conversation_id), key=lambda turn: turn.created_at, reverse=True)
    return [ExplainedTurn(turn, texts.get(turn.message_id, "")) for turn in turns]


def message_text(message: Message) -> str:
    """Give the words of a message, or nothing where it has none."""
    return str(message.body.get("text") or "")


def _waiting(crm: Crm, entry: QueueEntry, actor: Actor, language: str) -> Item:
    talk = entry.conversation
    return Item(
        conversation_id=talk.id,
        name=crm.customers.get(talk.customer_id, actor=actor).name,
        preview=entry.last_text,
        since=entry.requested_at,
        language=talk.language,
        segment=_segment_name(crm, talk.customer_id, language),
        position=entry.position,
        reason=entry.reason,
    )


def _listed(crm: Crm, talk: Conversation, actor: Actor, language: str) -> Item:
    latest = crm.conversations.messages(talk.id, after_seq=max(0, talk.last_seq - _LOOK_BACK), limit=_LOOK_BACK)
    last = [message for message in latest if message.author != Author.SYSTEM]
    return Item(
        conversation_id=talk.id,
        name=crm.customers.get(talk.customer_id, actor=actor).name,
        preview=message_text(last[-1]) if last else "",
        since=talk.last_message_at,
        language=talk.language,
        segment=_segment_name(crm, talk.customer_id, language),
        unread=talk.status == "open" and bool(last) and last[-1].author == Author.CUSTOMER,
        ending=talk.outcome.value if talk.outcome else None,
    )


def _segment_name(crm: Crm, customer_id: str, language: str) -> str | None:
    view = crm.scores.segment(customer_id, language)
    return view.name if view else None
