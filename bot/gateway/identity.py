"""Which customer a conversation belongs to, by the shop's signed token and by nothing else."""

from __future__ import annotations

from bot.gateway.errors import TokenInvalid
from bot.gateway.offload import Offload
from bot.gateway.visitors import Tokens
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed
from crm_core.records.conversations import Conversation


class AnotherCustomer(NotAllowed):
    """The conversation belongs to a customer whom this request does not show to be."""


class Identity:
    """Tells who a customer is and keeps what one customer said from the next one at the same browser.

    Args:
        crm: The database's use cases.
        tokens: Verifies the shop's signature.
        offload: The threads for the database's calls.
    """

    def __init__(self, crm: Crm, tokens: Tokens, offload: Offload) -> None:
        self._crm = crm
        self._tokens = tokens
        self._offload = offload

    async def customer(self, token: str | None) -> str | None:
        """Give the customer whom a token shows; None without a token.

        The shop's word is enough for a customer whom nobody here has met yet.

        Raises:
            TokenInvalid: It is forged or expired, or what it names is no customer number.
        """
        if not token:
            return None
        number = self._tokens.customer_number(token)
        try:
            customer_id = await self._offload.read(self._crm.customers.by_number, number)
            return customer_id or await self._offload.write(self._meet, number)
        except InvalidInput as error:
            raise TokenInvalid(f"customer token: {error}") from error

    def _meet(self, number: str) -> str | None:
        try:
            return self._crm.customers.create(source="shop", customer_number=number)
        except Conflict:  # another request of the same customer was first
            return self._crm.customers.by_number(number)

    async def admit(self, conversation: Conversation | None, customer_id: str | None) -> Conversation | None:
        """Let somebody into a conversation: a signed-in customer's name is put on it.

        Args:
            conversation: The latest one of the visitor, if any.
            customer_id: Whom the request shows to be.

        Raises:
            AnotherCustomer: It belongs to a signed-in customer and the request shows nobody, or somebody else.
        """
        if conversation is None:
            return None
        self.check(conversation, customer_id)
        if conversation.verified:
            return conversation
        if customer_id is None or conversation.status != "open":
            return conversation
        return await self._offload.write(self._crm.conversations.identify, conversation.id, customer_id)

    @staticmethod
    def check(conversation: Conversation, customer_id: str | None) -> None:
        """Keep everybody but its customer out of a conversation in which somebody was signed in.

        Raises:
            AnotherCustomer: The request shows nobody, or somebody else.
        """
        if conversation.verified and conversation.customer_id != customer_id:
            raise AnotherCustomer("this conversation belongs to a customer who is not signed in here")
