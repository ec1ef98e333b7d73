"""Bring uv, the installer of our two environments, into a private folder: `python3 scripts/get_uv.py .uv`.

Runs on any Python 3 with nothing installed. A virtual environment is used where `venv` works; Debian's Python
without `ensurepip` falls back to `pip install --target`.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import venv

VERSION = "uv>=0.9,<1"


def main(folder: pathlib.Path) -> int:
    """Leave an executable `<folder>/bin/uv`; say what to do where that cannot be."""
    if (folder / "bin" / "uv").exists():
        return 0
    print("Bringing uv (the installer) into", folder, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install"]
    except subprocess.CalledProcessError:
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--target", str(folder)]
    done = subprocess.run([*command, "--quiet", "--disable-pip-version-check", VERSION], env=os.environ)
    if done.returncode or not (folder / "bin" / "uv").exists():
        print(
            "uv could not be installed. Is the package index reachable, and does this Python have pip?\n"
            "On Debian and Ubuntu: apt-get install python3-venv",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
