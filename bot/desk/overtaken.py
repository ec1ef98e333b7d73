"""Asks before something is sent that was written while somebody else answered."""

from __future__ import annotations

from nicegui import ui

from bot.desk.frame import Visit
from bot.desk.parts import box, button, text


class OvertakenQuestion:
    """The dialog.

    Args:
        visit: The open page.
    """

    def __init__(self, visit: Visit) -> None:
        words = visit.words
        with ui.dialog() as self._dialog, box("drill overtaken", role="alertdialog", aria_modal="true") as body:
            body.props["aria-label"] = words.say("overtaken")
            text(words.say("overtaken"), "h2", tag="h2")
            self._said = text("", "bubble", tag="p")
            with box("row"):
                button(words.say("overtaken-send"), lambda: self._dialog.submit(True), "btn")
                button(words.say("overtaken-look"), lambda: self._dialog.submit(False), "btn btn-primary")

    async def answer(self, said: str) -> bool:
        """Ask whether to send all the same.

        Args:
            said: What was answered meanwhile.
        """
        self._said.set_text(said)
        return bool(await self._dialog)
