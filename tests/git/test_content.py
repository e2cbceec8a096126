"""The kind of bytes that a file holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.change import ABSENT, GITLINK, SYMLINK, Content, content_kind, wide_text

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("a.py", b"", Content.TEXT),
        ("a.py", "한글\n".encode(), Content.TEXT),
        ("a.py", b"\xef\xbb\xbfimport os\n", Content.TEXT),
        ("a.py", b"x\0y", Content.BINARY),
        ("a.py", b"caf\xe9", Content.BINARY),
        ("a.py", b"\xed\xa0\x80", Content.BINARY),
        ("a.py", "x\n".encode("utf-16"), Content.WIDE_TEXT),
        ("a.py", b"\xfe\xff" + "x\n".encode("utf-16-be"), Content.WIDE_TEXT),
        ("a.py", "x\n".encode("utf-32"), Content.WIDE_TEXT),
        ("a.py", b"\0\0\xfe\xff" + "x\n".encode("utf-32-be"), Content.WIDE_TEXT),
        ("a.py", "x\n".encode("utf-16-le"), Content.BINARY),
        ("a.py", b"\xff\xfex", Content.BINARY),
        ("a.py", b"\xff\xfe\x00\xd8x\x00", Content.BINARY),
        ("a.py", "x\0".encode("utf-16"), Content.BINARY),
        ("icon.png", PNG, Content.MEDIA),
        ("ICON.PNG", PNG, Content.MEDIA),
        ("a.b/icon", PNG, Content.BINARY),
        ("png", PNG, Content.MEDIA),
        ("icon.jpg", PNG, Content.BINARY),
        ("icon.py", PNG, Content.BINARY),
        ("icon.png", b"#!/bin/sh\n", Content.TEXT),
        ("icon.png", b"\0#!/bin/sh\n", Content.BINARY),
        ("a.webp", b"RIFF\xff\0\0\0WEBPVP8 ", Content.MEDIA),
        ("a.webp", b"RIFF\xff\0\0\0WAVE", Content.BINARY),
        ("a.bmp", b"BM\xff\0\0\0\1\0\0\0", Content.BINARY),
        ("a.woff2", b"wOF2\0\1\0\0", Content.MEDIA),
        ("a.mp4", b"\0\0\0\x18ftypmp42", Content.MEDIA),
        ("a.svg", b"<svg onload='x()'/>", Content.TEXT),
    ],
)
def test_kinds(path, data, kind):
    assert content_kind(path, "100644", data) is kind


def test_the_mode_decides_first():
    assert content_kind("a.png", SYMLINK, PNG) is Content.LINK
    assert content_kind("a", GITLINK, b"") is Content.GITLINK
    assert content_kind("a", ABSENT, b"") is Content.ABSENT


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.sampled_from(["utf-16", "utf-32"]),
)
def test_wide_text_is_what_was_encoded(text, encoding):
    data = text.encode(encoding)
    assert wide_text(data) == text
    assert content_kind("a", "100644", data) is Content.WIDE_TEXT


@given(st.text(max_size=8), st.binary(max_size=40))
def test_any_bytes_have_a_kind_and_text_is_readable(path, data):
    kind = content_kind(path, "100644", data)
    assert kind in {Content.TEXT, Content.WIDE_TEXT, Content.MEDIA, Content.BINARY}
    if kind is Content.TEXT:
        assert data.decode().encode() == data
