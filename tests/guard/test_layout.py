"""The shape of the code: which way imports point, how large things grow, what each capability consists of."""

from __future__ import annotations

import ast
import os
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("crm_core", "actions", "bot")
CAPABILITIES_OF_CORE = (
    *("catalogue", "conversations", "feedback", "intake", "knowledge", "orders"),
    *("purchase_intent", "recommend", "reports", "search", "segments"),
)


@cache
def sources(*folders: str) -> list[Path]:
    """Give every Python file below the folders, without virtual environments and generated migrations."""
    found = []
    for folder in folders:
        for path, inner, names in os.walk(ROOT / folder):
            inner[:] = set(inner) - {".venv", "versions"}
            found += [Path(path, name) for name in names if name.endswith(".py")]
    return sorted(found)


@cache
def text(path: Path) -> str:
    """Give what a file holds."""
    return path.read_text("utf-8")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Give every node of a file's syntax that a test looks at."""
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(text(path))) if isinstance(node, wanted)]


@cache
def imports(path: Path) -> list[str]:
    """Give every module that a file imports, wherever in the file."""
    found: list[str] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def offences(files: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    """Give `file: module` for each import of a forbidden module or of something in it."""
    return [
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in imports(path)
        if any(module == name or module.startswith(f"{name}.") for name in forbidden)
    ]


def test_the_core_knows_neither_rasa_nor_http_nor_pages() -> None:
    assert (
        offences(
            sources("crm_core"), ("rasa", "rasa_sdk", "fastapi", "starlette", "nicegui", "httpx", "bot", "actions")
        )
        == []
    )


def test_actions_know_the_core_and_nothing_of_the_gateway() -> None:
    files = sources("actions")
    assert offences(files, ("rasa", "sqlalchemy", "fastapi", "bot")) == []
    assert offences(files, ("httpx",)) == ["actions/language_model.py: httpx"], "the only client of anything outside"


def test_only_storage_and_the_use_cases_know_sqlalchemy() -> None:
    files = [path for path in sources("crm_core", "bot") if not {"storage", "use_cases", "assistant"} & set(path.parts)]
    assert offences(files, ("sqlalchemy",)) == []


def test_capabilities_of_the_core_know_neither_storage_nor_each_other() -> None:
    found: list[str] = []
    for capability in CAPABILITIES_OF_CORE:
        others = tuple(f"crm_core.{name}" for name in CAPABILITIES_OF_CORE if name != capability)
        found += offences(
            sources(f"crm_core/{capability}"), ("crm_core.storage", "crm_core.use_cases", "crm_core.crm", *others)
        )
    assert found == []


def test_what_rasa_loads_imports_nothing_of_ours_but_itself() -> None:
    files = sources("bot/assistant")
    ours = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in imports(path)
        if module.split(".")[0] in PACKAGES and not module.startswith("bot.assistant")
    ]
    assert ours == []
    assert (ROOT / "bot" / "__init__.py").read_text() == ""


def test_files_stay_small() -> None:
    lines = {path: len(text(path).splitlines()) for path in sources(*PACKAGES)}
    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > 500} == {}
    assert statistics.quantiles(lines.values(), n=20)[18] <= 350
    assert statistics.median(lines.values()) <= 150


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function of a file."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Give a function's length without signature and docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return (function.end_lineno or first.lineno) - first.lineno + 1


def test_functions_stay_small() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{function.name}": body_lines(function)
        for path in sources(*PACKAGES)
        for function in functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert statistics.quantiles(lengths.values(), n=20)[18] <= 30


def test_action_files_stay_small() -> None:
    assert [path.name for path in sources("actions") if len(text(path).splitlines()) > 100] == []


@pytest.mark.parametrize("mark", ["TODO", "FIXME", "XXX", "NotImplementedError"])
def test_nothing_is_left_unfinished(mark: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in sources(*PACKAGES) if mark in text(path)] == []
