"""Which words `rapport` knows; each command lives in a file of its name."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Hang every command on the application."""
    from bot.cli import (
        audit,
        backup,
        chat,
        doctor,
        identity,
        imports,
        keys,
        knowledge,
        migrate,
        nlu,
        privacy,
        quality,
        score,
        train,
        up,
    )

    app.command("up")(up.up)
    app.command("import")(imports.import_)
    app.command("quality")(quality.quality)
    app.command("train")(train.train)
    app.command("score")(score.score)
    app.command("chat")(chat.chat)
    app.command("doctor")(doctor.doctor)
    app.command("requests")(privacy.requests)
    app.command("export")(privacy.export)
    app.command("erase")(privacy.erase)
    app.command("consent")(privacy.consent)
    app.command("backup")(backup.backup)
    app.command("restore")(backup.restore)
    app.add_typer(migrate.app, name="migrate")
    app.add_typer(audit.app, name="audit")
    app.add_typer(identity.app, name="identity")
    app.add_typer(keys.app, name="keys")
    app.add_typer(nlu.app, name="nlu")
    app.add_typer(knowledge.app, name="knowledge")
