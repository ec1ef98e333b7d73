"""`rapport chat`: talk to the assistant in the terminal, through the gateway like any other program."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from crm_core.errors import RapportError
from crm_core.settings import Settings

_HOOK = "/webhooks/rest/webhook"
_ANSWER_SECONDS = 60
_ENDINGS = {"", "/quit", "/exit"}


class NothingAnswers(RapportError):
    """No gateway at the address, or it refuses."""


def chat(
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    url: Annotated[str, typer.Option(help="of the gateway; left out, the one of this installation")] = "",
) -> None:
    """Talk to the assistant; an empty line ends it. A number presses the button of that number."""
    settings = Settings.load()
    console = Console()
    with httpx.Client(base_url=url or f"http://{settings.host}:{settings.port}", timeout=_ANSWER_SECONDS) as client:
        _check(client)
        console.print(f"[dim]{client.base_url} · empty line to end[/]")
        _talk(Talk(client, language), console)


class Talk:
    """One conversation with the gateway.

    Args:
        client: Knows the gateway's address.
        language: `en` or `zh`.
    """

    def __init__(self, client: httpx.Client, language: str) -> None:
        self._client = client
        self._language = language
        self._sender = f"terminal-{uuid.uuid4().hex}"
        self._buttons: list[Mapping[str, str]] = []

    def say(self, line: str) -> list[dict[str, Any]]:
        """Send what was typed, or the button of that number, and give the answers.

        Raises:
            NothingAnswers: The gateway cannot be reached or refuses.
        """
        body = {"sender": self._sender, "message": self._meant(line), "metadata": {"language": self._language}}
        try:
            response = self._client.post(_HOOK, json=body)
        except httpx.TransportError as error:
            raise NothingAnswers(f"{self._client.base_url} does not answer any more ({error})") from error
        if response.is_error:
            raise NothingAnswers(f"the gateway says {response.status_code}: {response.text[:300]}")
        answers: list[dict[str, Any]] = response.json()
        self._buttons = [button for answer in answers for button in answer.get("buttons") or []]
        return answers

    def _meant(self, line: str) -> str:
        if line.isdigit() and 0 < int(line) <= len(self._buttons):
            return self._buttons[int(line) - 1]["payload"]
        return line


def lines_of(answers: list[dict[str, Any]]) -> list[str]:
    """Write answers as lines; buttons are numbered through."""
    lines, number = [], 0
    for answer in answers:
        lines += [answer[kind] for kind in ("text", "image") if answer.get(kind)]
        lines += [_card(card) for card in (answer.get("custom") or {}).get("cards", [])]
        for button in answer.get("buttons") or []:
            number += 1
            lines.append(f"  {number}) {button['title']}")
    return lines


def _card(card: Mapping[str, Any]) -> str:
    return "  · " + " · ".join(str(card[key]) for key in ("title", "price", "reason") if card.get(key))


def _check(client: httpx.Client) -> None:
    try:
        healthy = client.get("/readyz").is_success
    except httpx.TransportError as error:
        raise NothingAnswers(f"nothing runs at {client.base_url} ({error}). Start it with `rapport up`.") from error
    if not healthy:
        raise NothingAnswers(f"{client.base_url} is not ready; `rapport doctor` says why.")


def _talk(talk: Talk, console: Console) -> None:
    while True:
        try:
            line = console.input("[bold]› [/]").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line in _ENDINGS:
            return
        for answer in lines_of(talk.say(line)):
            console.print(answer, style="cyan", highlight=False, markup=False)
