"""What the desk shows, read from the library at one go; nothing here draws."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.crm import Crm
from crm_core.personalisation import may_sell
from crm_core.records.conversations import Conversation, Message, QueueEntry, Turn
from crm_core.records.desk import Note
from crm_core.records.identity import Sureness
from crm_core.records.people import Actor, Customer, Score
from crm_core.records.scores import SegmentView
from crm_core.records.shop import Offer, Order, OrderRequest
from crm_core.records.team import Ticket
from crm_core.records.voice import FeedbackEntry, ServedOffer
from crm_core.use_cases.feedback import FRESH

_ORDERS = 20
_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation in the middle."""

    conversation: Conversation
    name: str | None
    agents: dict[str, str]  # id → name of those who wrote or own it
    waiting: QueueEntry | None
    offered: bool  # by the colleague who has it, to who looks
    notes: list[Note]
    tags: list[str]


@dataclass(frozen=True, slots=True)
class Portrait:
    """The customer on the right."""

    customer: Customer
    conversation: Conversation
    segment: SegmentView | None
    sureness: Sureness
    consents: dict[str, bool]
    scores: dict[str, Score]  # the newest of each task
    may_sell: bool  # whether the rules let anything be offered unasked
    orders: list[Order]
    feedback: list[FeedbackEntry]
    served: list[ServedOffer]
    earlier: list[Conversation]
    requests: list[OrderRequest]  # of orders, not done yet
    owed: list[Ticket]
    offers: list[Offer] = field(default_factory=list)  # read once: their choice leaves a place to chance


@dataclass(frozen=True, slots=True)
class ExplainedTurn:
    """One turn of the assistant with the text that it answered."""

    turn: Turn
    text: str


def read_talk(crm: Crm, conversation_id: str, actor: Actor) -> Talk:
    """Read what stands above a conversation and decides what may be done with it."""
    conversation = crm.conversations.get(conversation_id)
    agents = {agent.id: agent.name for agent in crm.staff.list()}
    name = crm.customers.get(conversation.customer_id, actor=actor).name
    notes = crm.notes.of_conversation(conversation_id)
    tags = crm.conversations.tags(conversation_id)
    waiting = crm.conversations.handoff_state(conversation_id)
    offered = any(each.id == conversation_id for each in crm.conversations.offered(actor.id))
    return Talk(conversation, name, agents, waiting, offered, notes, tags)


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
    consents = crm.customers.consents(customer_id)
    return Portrait(
        customer=crm.customers.get(customer_id, actor=actor, unmask=unmask),
        conversation=conversation,
        segment=segment,
        sureness=crm.identity.sureness(conversation_id),
        consents=consents,
        scores=crm.scores.current(customer_id),
        may_sell=consents.get("marketing", True) and may_sell(segment.key if segment else None, complained=complained),
        orders=crm.orders.of_customer(customer_id)[:_ORDERS],
        feedback=feedback,
        served=crm.recommendations.of_customer(customer_id),
        earlier=earlier,
        requests=[wish for wish in crm.orders.requests_of_customer(customer_id) if wish.status == "open"],
        owed=crm.tickets.owed_to(customer_id),
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
