"""`rapport requests`, `export` and `erase`: carry out what people may ask about their data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.export_page import FORMS, as_bundle, as_json, as_page
from bot.gateway import assistant
from bot.phrases import bot_phrases
from crm_core.clock import now
from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.records.people import SYSTEM
from crm_core.records.privacy import CERTIFICATES
from crm_core.settings import Settings

_ALL = 1_000_000

Who = Annotated[
    str,
    typer.Argument(help="Customer number, e-mail address, phone number (past ones, too), sender's id, or a reference."),
]


def requests() -> None:
    """List the privacy requests that wait to be carried out."""
    settings = Settings.load()
    crm = Crm(settings)
    try:
        crm.migrate()
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
    file: Annotated[
        Path, typer.Argument(help="Where it goes: .json for programs, .html to read, .zip with both and their files.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write everything that is known about a person into a file that only its owner can read."""
    settings = Settings.load()
    if file.suffix not in FORMS:
        raise InvalidInput("file", str(file), f"does not end in one of {', '.join(FORMS)}")
    crm = Crm(settings)
    try:
        crm.migrate()
        customer_id = _customer(crm, who, "export")
        # The file first: an export closes the request, and must not when there is nowhere to put it.
        with _only_for_owner(file, force) as target:
            known, day = crm.privacy.export(customer_id, actor=SYSTEM), now().date()
            if file.suffix == ".json":
                target.write(as_json(known).encode())
            elif file.suffix == ".html":
                target.write(as_page(known, settings.language, day).encode())
            else:
                as_bundle(target, known, crm.privacy.files(customer_id, actor=SYSTEM), settings.language, day)
    finally:
        crm.close()
    _say(settings, "privacy-exported", path=str(file))


def erase(who: Who, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase a person, look whether anything of them is left, and write a certificate; orders stay without a name."""
    settings = Settings.load()
    say, language = bot_phrases.say, settings.language
    crm = Crm(settings)
    try:
        crm.migrate()
        customer_id = _customer(crm, who, "erase")
        if not yes and not typer.confirm(say(language, "privacy-erase-sure", who=who)):
            raise typer.Exit(1)
        talks = [talk.id for talk in crm.conversations.of_customer(customer_id, limit=_ALL)]
        # The assistant forgets first: were it away afterwards, nobody could find the person to try again.
        remembered = assistant.forget(settings, talks)
        if remembered:
            _tell_remembered(settings, remembered)
            raise typer.Exit(1)
        with Console(stderr=True).status("") as status:
            certificate = crm.privacy.erase(customer_id, actor=SYSTEM, progress=lambda what: status.update(what))
    finally:
        crm.close()
    file = settings.home / CERTIFICATES / f"{certificate.reference}.json"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with _only_for_owner(file, force=True) as target:
        target.write(as_json(certificate.said).encode())
    _say(settings, "privacy-erased", conversations=len(talks))
    _say(settings, "privacy-certificate", path=str(file), sha256=certificate.said["sha256"])
    if certificate.left:
        _say(
            settings,
            "privacy-left",
            places="".join(f"\n  {one.place}  {one.what} ×{one.times}" for one in certificate.left),
        )
        raise typer.Exit(1)


def consent(
    who: Who,
    purpose: Annotated[str, typer.Argument(help="service, analytics, profiling or marketing; nothing shows all.")] = "",
    answer: Annotated[str, typer.Argument(help="yes or no.")] = "",
    words: Annotated[str | None, typer.Option("--words", help="Version of the words that were agreed to.")] = None,
    proof: Annotated[
        str | None, typer.Option("--proof", help="Where it can be seen: a form's or message's id.")
    ] = None,
) -> None:
    """Show what a person agreed to, with proof, or keep an answer; a no counts at once."""
    settings = Settings.load()
    if purpose and answer not in {"yes", "no"}:
        raise InvalidInput("answer", answer, "is neither yes nor no")
    crm = Crm(settings)
    try:
        crm.migrate()
        customer_id = crm.privacy.person(who)
        if purpose:
            crm.customers.set_consent(
                customer_id, purpose, answer == "yes", source="cli", text_version=words, proof=proof
            )
        given = crm.customers.consent_history(customer_id)
    finally:
        crm.close()
    table = Table()
    for column in ("since", "purpose", "answer", "source", "words", "proof"):
        table.add_column(bot_phrases.say(settings.language, f"privacy-{column}"))
    for one in given:
        said = bot_phrases.say(settings.language, "privacy-yes" if one.granted else "privacy-no")
        when = f"{one.given_at:%Y-%m-%d %H:%M}"
        table.add_row(when, one.purpose.value, said, one.source, one.text_version or "", one.proof or "")
    Console().print(table)


def _customer(crm: Crm, who: str, kind: str) -> str:
    """Find the person that is meant.

    Raises:
        CustomerNotFound: Nobody is known by that.
        InvalidInput: It is the reference of a request of another kind: who asked for a copy is not to be erased.
    """
    request = next((one for one in crm.privacy.pending() if one.reference == who), None)
    if request is not None and request.kind != kind:
        raise InvalidInput("reference", who, f"is a request of the kind {request.kind}, not {kind}")
    return crm.privacy.person(who)


@contextmanager
def _only_for_owner(file: Path, force: bool) -> Iterator[IO[bytes]]:
    """Give a file to write that only its owner can read; it takes its name when all of it is written.

    Raises:
        InvalidInput: It exists already, or cannot be written there.
    """
    if file.is_dir():
        raise InvalidInput("file", str(file), "is a folder")
    if file.exists() and not force:
        raise InvalidInput("file", str(file), "exists already (--force replaces it)")
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    except OSError as error:
        raise InvalidInput("file", str(file), f"cannot be written ({error.strerror})") from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _tell_remembered(settings: Settings, remembered: dict[str, str]) -> None:
    console = Console(stderr=True)
    said = bot_phrases.say(settings.language, "privacy-remembered", address=", ".join(settings.assistants))
    console.print(said, style="bold red", highlight=False, markup=False, soft_wrap=True)
    for conversation_id, why in remembered.items():
        console.print(f"  {conversation_id}  {why}", highlight=False, markup=False, soft_wrap=True)


def _say(settings: Settings, phrase: str, **values: str | int) -> None:
    said = bot_phrases.say(settings.language, phrase, **values)
    Console().print(said, highlight=False, markup=False, soft_wrap=True)
