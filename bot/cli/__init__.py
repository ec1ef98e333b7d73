"""The `rapport` command."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from crm_core.errors import RapportError

app = typer.Typer(
    name="rapport",
    help="Rapport: a customer-service assistant that knows the customer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command; what was refused on purpose is one clear line on standard error."""
    from bot.cli import commands

    commands.register(app)
    try:
        app()
    except RapportError as error:
        Console(stderr=True).print(f"[bold red]{type(error).__name__}[/]: {error}", highlight=False, markup=True)
        sys.exit(1)
