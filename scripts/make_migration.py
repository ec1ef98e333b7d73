"""Write a migration for what the tables say and the migrations do not yet.

uv run python scripts/make_migration.py "Add delivery slots"
uv run python scripts/make_migration.py --first "Every table"     # replaces 0001; only before a release
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from alembic import command

from crm_core.storage import migrations
from crm_core.storage.database import Database

VERSIONS = Path(migrations.__file__).parent / "versions"


def _write(subject: str, first: bool) -> Path:
    with tempfile.TemporaryDirectory() as folder:
        config = migrations.config()
        known = Path(folder) / "versions"
        known.mkdir()
        if not first:
            shutil.copytree(VERSIONS, known, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        config.set_main_option("version_locations", str(known))
        config.set_main_option("path_separator", "os")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        number = f"{len(list(known.glob('0*.py'))) + 1:04d}"
        database = Database(f"sqlite:///{folder}/empty.db")
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            script = command.revision(config, subject, autogenerate=True, rev_id=number)
        database.close()
        made = Path(script.path)  # type: ignore[union-attr]
        for old in VERSIONS.glob(f"{number}_*.py"):
            old.unlink()
        return Path(shutil.copy(made, VERSIONS))


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subject")
    parser.add_argument("--first", action="store_true", help="write 0001 anew, from nothing")
    arguments = parser.parse_args()
    made = _write(arguments.subject, arguments.first)
    for step in (["format"], ["check", "--fix"]):
        subprocess.run(["ruff", *step, "--quiet", str(made)], check=True)
    print(made)


if __name__ == "__main__":
    main()
