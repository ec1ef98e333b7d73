"""The log: every message once, in order, without a gap, on disk when it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import Conflict, ConversationNotFound, InvalidInput
from crm_core.records.conversations import Accepted, Author, Owner
from crm_core.storage.tables import conversations, customers, messages, ratings
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, answered, begun, employed, leased

WRITERS = 6


def at_once(deed: Callable[[int], object]) -> list[object]:
    """Let several threads do something at the same moment."""
    gate = Barrier(WRITERS)

    def run(number: int) -> object:
        gate.wait()
        return deed(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_a_sender_has_one_open_conversation(any_crm: Crm) -> None:
    first = any_crm.conversations.open("web", "visitor-1", language="zh")
    assert any_crm.conversations.open("web", "visitor-1") == first
    assert (first.language, first.owner, first.status, first.verified) == ("zh", Owner.BOT, "open", False)
    assert any_crm.conversations.open("rest", "visitor-1").id != first.id


def test_a_sender_who_opens_from_many_places_at_once_has_one_conversation(any_crm: Crm) -> None:
    opened = at_once(lambda _: any_crm.conversations.open("web", "visitor-1").id)
    assert len(set(opened)) == 1
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(customers)) == 1


def test_a_visitor_who_comes_back_is_the_same_anonymous_customer(any_crm: Crm) -> None:
    first = any_crm.conversations.open("web", "visitor-1")
    any_crm.conversations.close(first.id)
    second = any_crm.conversations.open("web", "visitor-1")
    assert second.id != first.id
    assert second.customer_id == first.customer_id
    assert any_crm.conversations.current("web", "visitor-1") == second


def test_the_current_conversation_is_the_latest_even_when_closed(any_crm: Crm) -> None:
    assert any_crm.conversations.current("web", "visitor-1") is None
    opened = any_crm.conversations.open("web", "visitor-1")
    any_crm.conversations.close(opened.id)
    current = any_crm.conversations.current("web", "visitor-1")
    assert current is not None
    assert (current.id, current.status) == (opened.id, "closed")


def test_writers_at_the_same_moment_leave_no_gap(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)

    def write(writer: int) -> list[Accepted]:
        return [any_crm.conversations.accept(conversation_id, {"text": f"{writer}-{n}"}) for n in range(5)]

    at_once(write)
    log = any_crm.conversations.messages(conversation_id)
    assert [message.seq for message in log] == list(range(1, WRITERS * 5 + 1))
    for writer in range(WRITERS):
        mine = [message.body["text"] for message in log if message.body["text"].startswith(f"{writer}-")]
        assert mine == [f"{writer}-{n}" for n in range(5)], "each writer's own order is kept"


def test_customers_bot_and_agents_share_one_sequence_without_a_gap(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)

    def write(writer: int) -> None:
        for n in range(4):
            any_crm.conversations.accept(conversation_id, {"text": f"{writer}-{n}"})
            turn = any_crm.conversations.next_turn(conversation_id, f"gateway-{writer}", lease_seconds=20)
            if turn is not None:
                any_crm.conversations.finish_turn(turn, answer("one", "two"))

    at_once(write)
    while (turn := any_crm.conversations.next_turn(conversation_id, "last", lease_seconds=20)) is not None:
        any_crm.conversations.finish_turn(turn, answer("one", "two"))
    log = any_crm.conversations.messages(conversation_id)
    assert [message.seq for message in log] == list(range(1, WRITERS * 4 * 3 + 1))
    asked = [message.id for message in log if message.author is Author.CUSTOMER]
    assert [message.answers_id for message in log if message.author is Author.BOT] == [
        message_id for message_id in asked for _ in range(2)
    ]


def test_a_message_that_is_delivered_twice_is_one_row_and_one_turn(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    first = any_crm.conversations.accept(conversation_id, {"text": "hello"}, external_id="m-1")
    again = any_crm.conversations.accept(conversation_id, {"text": "hello"}, external_id="m-1")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message == first.message
    answered(any_crm, conversation_id, "hi")
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None
    assert any_crm.conversations.accept(conversation_id, {"text": "next"}).message.seq == 3


def test_a_message_that_is_delivered_at_once_on_many_wires_is_one_row(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    accepted = at_once(
        lambda _: any_crm.conversations.accept(conversation_id, {"text": "hello"}, external_id="m-1").duplicate
    )
    assert sorted(accepted) == [False] + [True] * (WRITERS - 1)  # type: ignore[type-var]
    with any_crm.database.reading() as connection:
        assert connection.execute(sa.select(conversations.c.last_seq, conversations.c.unanswered)).one() == (1, 1)


def test_a_repeat_after_the_end_of_the_conversation_is_still_a_repeat(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    any_crm.conversations.accept(conversation_id, {"text": "hello"}, external_id="m-1")
    any_crm.conversations.close(conversation_id)
    assert any_crm.conversations.accept(conversation_id, {"text": "hello"}, external_id="m-1").duplicate


def test_nobody_reads_another_senders_message_by_guessing_its_id(any_crm: Crm) -> None:
    any_crm.conversations.accept(begun(any_crm), {"text": "my card is …"}, external_id="m-1")
    other = any_crm.conversations.open("web", "visitor-2")
    with pytest.raises(Conflict):
        any_crm.conversations.accept(other.id, {"text": "hello"}, external_id="m-1")
    assert any_crm.conversations.accept(other.id, {"text": "hello"}, external_id="m-2").message.seq == 1


def test_a_closed_conversation_takes_no_more(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    any_crm.conversations.close(conversation_id)
    with pytest.raises(Conflict, match="closed"):
        any_crm.conversations.accept(conversation_id, {"text": "hello?"})


def test_a_message_to_nowhere_is_refused(any_crm: Crm) -> None:
    with pytest.raises(ConversationNotFound):
        any_crm.conversations.accept("01234567-89ab-7def-8123-456789abcdef", {"text": "hello?"})


def test_a_message_of_a_hundred_kilobytes_is_refused_and_leaves_no_gap(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    with pytest.raises(InvalidInput, match="longer than 4000"):
        any_crm.conversations.accept(conversation_id, {"text": "x" * 100_000})
    assert any_crm.conversations.accept(conversation_id, {"text": "ok"}).message.seq == 1


def test_what_was_said_is_nowhere_in_the_database_in_clear(crm: Crm) -> None:
    conversation_id = begun(crm, "my secret word is xylophone")
    answered(crm, conversation_id, "xylophone, I see")
    crm.conversations.rate(conversation_id, 5, "xylophone!")
    path = crm.settings.home / "rapport.db"
    crm.close()
    for file in path.parent.glob("rapport.db*"):
        assert b"xylophone" not in file.read_bytes()


def test_what_an_erased_conversation_said_can_never_be_read_again(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "my secret")
    with any_crm.database.writing() as connection:
        any_crm._context.keys.destroy(connection, connection.scalar(sa.select(conversations.c.key_id)))
    assert [message.body for message in any_crm.conversations.messages(conversation_id)] == [{"event": "erased"}]


def test_the_log_is_read_from_where_the_reader_stopped(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "one", "two", "three")
    read = any_crm.conversations.messages(conversation_id, after_seq=1, limit=1)
    assert [message.body["text"] for message in read] == ["two"]


def test_the_customers_cursor_never_goes_back_nor_past_the_end(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "one", "two", "three")
    for seq, expected in ((2, 2), (1, 2), (99, 2), (3, 3)):
        any_crm.conversations.confirm_delivery(conversation_id, seq)
        assert any_crm.conversations.get(conversation_id).delivered_seq == expected


def test_only_buttons_that_the_bot_showed_can_be_pressed(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, 'I type /cancel_order{"order": "1"}')
    result = answer("Sure?")
    result.replies[0]["buttons"] = [{"title": "Yes", "payload": "/affirm"}]
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), result)
    assert any_crm.conversations.was_offered(conversation_id, "/affirm")
    assert not any_crm.conversations.was_offered(conversation_id, '/cancel_order{"order": "1"}')


def test_a_token_shows_who_the_customer_is(any_crm: Crm) -> None:
    ann = any_crm.customers.create(name="Ann Smith", customer_number="C-1", source="shop")
    conversation = any_crm.conversations.identify(begun(any_crm), ann)
    assert (conversation.customer_id, conversation.verified) == (ann, True)
    assert any_crm.conversations.identify(conversation.id, ann) == conversation


def test_a_conversation_that_is_one_customers_does_not_become_anothers(any_crm: Crm) -> None:
    ann = any_crm.customers.create(customer_number="C-1", source="shop")
    tom = any_crm.customers.create(customer_number="C-2", source="shop")
    conversation_id = begun(any_crm)
    any_crm.conversations.identify(conversation_id, ann)
    with pytest.raises(Conflict):
        any_crm.conversations.identify(conversation_id, tom)


def test_the_language_can_change_in_mid_conversation(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    any_crm.conversations.set_language(conversation_id, "zh")
    assert any_crm.conversations.get(conversation_id).language == "zh"


def test_a_second_rating_replaces_the_first(any_crm: Crm) -> None:
    conversation_id = begun(any_crm)
    any_crm.conversations.rate(conversation_id, 2, "slow")
    any_crm.conversations.rate(conversation_id, 5)
    with any_crm.database.reading() as connection:
        assert connection.execute(sa.select(ratings.c.score, ratings.c.comment_encrypted)).all() == [(5, None)]


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_rating_is_between_one_and_five(any_crm: Crm, score: int) -> None:
    with pytest.raises(InvalidInput, match="between 1 and 5"):
        any_crm.conversations.rate(begun(any_crm), score)


def test_the_most_recently_active_conversations_come_first(any_crm: Crm, clock: FakeClock) -> None:
    first = any_crm.conversations.open("web", "a").id
    clock.advance(minutes=1)
    second = any_crm.conversations.open("web", "b").id
    assert [one.id for one in any_crm.conversations.recent(10)] == [second, first]
    clock.advance(minutes=1)
    any_crm.conversations.accept(first, {"text": "hello"})
    assert [one.id for one in any_crm.conversations.recent(1)] == [first]


@pytest.mark.parametrize("change", [{"seq": 9}, {"body_encrypted": b"other"}, {"author": "bot"}])
def test_what_was_said_cannot_be_rewritten(any_crm: Crm, change: dict[str, object]) -> None:
    begun(any_crm, "I never said that")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), any_crm.database.engine.begin() as connection:
        connection.execute(messages.update().values(**change))


def test_an_agent_who_left_still_stands_under_what_they_wrote(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.take(conversation_id, mei.id)
    any_crm.conversations.say(conversation_id, mei.id, "I am Mei")
    boss = employed(any_crm, "Boss", "admin")
    any_crm.staff.set_active(mei.id, False, actor=any_crm.staff.actor(boss))
    assert any_crm.conversations.messages(conversation_id)[-1].agent_id == mei.id
