"""`rapport up`: prepare what is missing, start the whole product and keep it alive until Ctrl-C."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot import processes
from bot.cli import assistant_training
from crm_core.crm import Crm
from crm_core.errors import RapportError
from crm_core.learning.progress import Progress as StepProgress
from crm_core.settings import Settings

_READY_SECONDS = 120


class NotReady(RapportError):
    """A part runs but does not answer in time."""


class _Stopped(Exception):
    """Somebody asked us to end."""


def up() -> None:
    """Start Rapport: database, models, assistant, actions and gateway; Ctrl-C ends them all."""
    console = Console()
    settings = Settings.load()
    model = settings.models / "assistant" / "assistant.tar.gz"
    wanted = processes.parts(settings, model.resolve())
    processes.check_ports(wanted)
    prepare(settings, console)
    supervisor = processes.Supervisor(settings, wanted)
    try:
        with _stoppable():
            supervisor.start()
            _wait(supervisor, settings, wanted, console)
            _report_changes(supervisor, console)
    except _Stopped:
        console.print("\nStopping …")
    finally:
        supervisor.stop()
    console.print("All parts have ended.")


def prepare(settings: Settings, console: Console) -> None:
    """Migrate, load the demo shop into an empty database, train and score what was never trained."""
    crm = Crm(settings)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        crm.migrate()
        with Progress(*columns, console=console, transient=True) as bars:
            if settings.demo and crm.intake.is_empty():
                with _bar(bars, "Loading the demo shop") as step:
                    crm.intake.load_demo(progress=step)
            crm.canned_replies.load(settings.data / "replies")
            crm.catalogue.publish()
            if not crm.training.is_trained():
                with _bar(bars, "Training what is known of customers") as step:
                    crm.training.train(progress=step)
                with _bar(bars, "Scoring customers") as step:
                    crm.scores.score_all(progress=step)
            if not assistant_training.is_current(settings):
                with _bar(bars, "Training the assistant"):
                    assistant_training.train(settings)
        administrator = crm.staff.first_admin()
        if administrator:
            email, password = administrator
            console.print(
                f"\n  The first administrator, shown this once:\n    e-mail    [bold]{email}[/]"
                f"\n    password  [bold]{password}[/]\n",
                highlight=False,
            )
    finally:
        crm.close()


@contextmanager
def _bar(bars: Progress, words: str) -> Iterator[StepProgress]:
    task = bars.add_task(words, total=None)
    started = time.monotonic()

    def step(done: float, total: float | None = None, what: str | None = None) -> None:
        bars.update(task, completed=done, total=total, description=f"{words}: {what}" if what else words)

    yield step
    bars.remove_task(task)
    bars.console.print(f"  [green]✓[/] {words} ({time.monotonic() - started:.0f} s)", highlight=False)


@contextmanager
def _stoppable() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(supervisor: processes.Supervisor, settings: Settings, wanted: list[processes.Part], console: Console) -> None:
    """Wait until the gateway says that all parts answer."""
    address = f"http://{settings.host}:{settings.port}"
    deadline = time.monotonic() + _READY_SECONDS
    with console.status("Starting the assistant, its actions and the gateway …"):
        for _ in supervisor.watch(0.25):
            try:
                if httpx.get(f"{address}/readyz", timeout=2).status_code == httpx.codes.OK:
                    break
            except httpx.TransportError:
                pass  # not listening yet: the deadline decides
            if time.monotonic() > deadline:
                last = "\n".join(supervisor.last_words(part.name, 5) for part in wanted)
                raise NotReady(f"not ready after {_READY_SECONDS} s; the parts' last words:\n{last}")
    console.print(
        f"\n  [bold green]Rapport is ready.[/]\n    shop and chat   {address}\n    agents' desk    {address}/desk"
        f"\n    insights        {address}/insights\n    logs            {settings.home}/logs\n\n  Ctrl-C ends it.",
        highlight=False,
    )


def _report_changes(supervisor: processes.Supervisor, console: Console) -> None:
    """Say when a part dies and when it is back."""
    before: dict[str, str] = {}
    for states in supervisor.watch():
        for name, state in states.items():
            if before.get(name) == "RUNNING" and state != "RUNNING":
                console.print(f"  [yellow]![/] the {name} ended and is started again (state {state})")
            elif before.get(name) not in (None, "RUNNING") and state == "RUNNING":
                console.print(f"  [green]✓[/] the {name} runs again")
        before = states
    raise RapportError("Supervisor ended by itself; see supervisord.log among the logs")
