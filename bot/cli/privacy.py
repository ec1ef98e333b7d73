"""`rapport requests`, `export` and `erase`: carry out what people may ask about their data."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.errors import AssistantUnavailable, CustomerNotFound, InvalidInput
from crm_core.privacy.identifiers import contact_kind
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings

_ALL = 1_000_000
_ASK_SECONDS = 10

Who = Annotated[str, typer.Argument(help="Customer number, e-mail address, phone number, or a request's reference.")]


def requests() -> None:
    """List the privacy requests that wait to be carried out."""
    settings = Settings.load()
    crm = Crm(settings)
    try:
        pending = crm.privacy.pending()
    finally:
        crm.close()
    table = Table()
    for column in ("reference", "kind", "since"):
        table.add_column(bot_phrases.say(settings.language, f"privacy-{column}"))
    for one in pending:
        table.add_row(one.reference, one.kind, f"{one.requested_at:%Y-%m-%d %H:%M}")
    Console().print(table)


def export(
    who: Who,
    file: Annotated[Path, typer.Argument(help="Where the JSON goes; it must not exist yet.")],
) -> None:
    """Write everything that is known about a person into a file that only its owner can read."""
    settings = Settings.load()
    crm = Crm(settings)
    try:
        found = crm.privacy.export(_customer(crm, who), actor=SYSTEM)
    finally:
        crm.close()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InvalidInput("file", str(file), "exists already") from error
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump(found, target, ensure_ascii=False, indent=2, default=str)
    Console().print(bot_phrases.say(settings.language, "privacy-exported", path=str(file)), highlight=False)


def erase(who: Who, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase a person: keys, identities, and what the assistant remembers; orders stay without a name."""
    settings = Settings.load()
    say, language = bot_phrases.say, settings.language
    crm = Crm(settings)
    try:
        customer_id = _customer(crm, who)
        if not yes and not typer.confirm(say(language, "privacy-erase-sure", who=who)):
            raise typer.Exit(1)
        talks = [talk.id for talk in crm.conversations.of_customer(customer_id, limit=_ALL)]
        # The assistant forgets first: were it away afterwards, nobody could find the person to try again.
        _forget(settings, talks)
        crm.privacy.erase(customer_id, actor=SYSTEM)
    finally:
        crm.close()
    Console().print(say(language, "privacy-erased", conversations=len(talks)), highlight=False)


def _customer(crm: Crm, who: str) -> str:
    """Find the person that is meant.

    Raises:
        CustomerNotFound: Nobody is known by that.
    """
    by_reference = {one.reference: one.customer_id for one in crm.privacy.pending()}
    found = by_reference.get(who) or crm.customers.by_number(who)
    if found is None:
        try:
            found = crm.customers.find(contact_kind(who), who)
        except InvalidInput as error:
            raise CustomerNotFound(who) from error
    if found is None:
        raise CustomerNotFound(who)
    return found


def _forget(settings: Settings, conversations: list[str]) -> None:
    """Make the assistant forget conversations.

    Raises:
        AssistantUnavailable: It cannot be reached or will not; nothing has been erased yet.
    """
    headers = {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}
    with httpx.Client(base_url=settings.assistant, headers=headers, timeout=_ASK_SECONDS) as assistant:
        for conversation_id in conversations:
            try:
                assistant.delete(f"/webhooks/gateway/conversations/{conversation_id}").raise_for_status()
            except httpx.HTTPError as error:
                raise AssistantUnavailable(
                    f"the assistant at {settings.assistant} could not be made to forget conversation "
                    f"{conversation_id} ({error}); nothing was erased: start it and repeat"
                ) from error
