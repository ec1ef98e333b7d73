"""Which files may be sent."""

from __future__ import annotations

import pytest

from crm_core.conversations.attachments import MAX_BYTES, clean_name, type_of
from crm_core.errors import InvalidInput


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7....", "application/pdf"),
    ],
)
def test_the_first_bytes_tell_the_type(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<html>",
        b"MZ\x90",
        b"PK\x03\x04",
        b" %PDF-1.7",
        b"RIFF1234WAVE",
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="neither a picture nor a PDF"):
        type_of(content)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidInput, match="more than"):
        type_of(b"%PDF-" + bytes(MAX_BYTES))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\发票.png", "发票.png"),
        ("gpj\u202e.exe\x00", "gpj.exe"),
        ("", "file"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept
