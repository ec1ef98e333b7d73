"""No line of a log holds a personal value, wherever in it somebody put one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture
def log() -> Iterator[structlog.stdlib.BoundLogger]:
    """A logger as every process sets it up."""
    before = structlog.get_config()
    logs.configure("INFO")
    yield structlog.get_logger("test")
    structlog.configure(**before)


def test_values_are_masked_in_every_field_and_in_traces(
    log: structlog.stdlib.BoundLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError("email: 'ann@example.com' is taken")
    except ValueError as error:
        log.warning(
            "failed for li.na@example.cn", error=error, tried=["13812345678"], more={"card": "4111 1111 1111 1111"}
        )
        log.exception("crashed")
    said = capsys.readouterr().out
    for value in ("ann@", "li.na", "13812345678", "4111 1111 1111"):
        assert value not in said
    assert "failed for l***@example.cn" in said
    assert "ValueError" in said


def test_ids_and_figures_stay(log: structlog.stdlib.BoundLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("turn_taken_over", conversation_id="01a20714-0985-76df-a0a6-78224a22df0c", attempts=3, seconds=1.5)
    said = capsys.readouterr().out
    assert "01a20714-0985-76df-a0a6-78224a22df0c" in said
    assert "attempts" in said


def test_what_is_below_the_level_is_not_written(
    log: structlog.stdlib.BoundLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.debug("nothing")
    assert capsys.readouterr().out == ""
