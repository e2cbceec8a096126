"""Names that look alike are alike, and names are split into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.fold import fold, phrases, pieces


@pytest.mark.parametrize(
    "written",
    [
        "auth",
        "AUTH",
        "\u0430uth",
        "\u0410\u03c5th",
        "ａｕｔｈ",
        "au\u200bth",
        "au\u00adth",
        "\u0430\u03c5\u0442\u04bb",
    ],
)
def test_what_looks_like_auth_folds_to_auth(written):
    assert fold(written) == "auth"


def test_composed_and_decomposed_names_are_the_same():
    assert fold("\uc778\uc99d") == fold("\u110b\u1175\u11ab\u110c\u1173\u11bc")


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_a_name_that_is_not_utf8_can_be_folded_and_split(text):
    fold(text)
    list(phrases(text))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SignIn.tsx", ["sign", "in", "tsx"]),
        ("log_in-page", ["log", "in", "page"]),
        ("HTTPServer2", ["http", "server2"]),
        ("parseJWT", ["parse", "jwt"]),
        ("x509", ["x509"]),
        ("\u0410uthService", ["auth", "service"]),
    ],
)
def test_names_are_split_at_humps_and_signs(name, expected):
    assert pieces(name) == expected


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("SignIn", "signin"),
        ("2FA", "2fa"),
        ("OAuth2Client", "oauth2"),
        ("auth2", "auth"),
        ("web-authn", "webauthn"),
    ],
)
def test_neighbours_and_pieces_without_a_number_are_phrases_too(name, phrase):
    assert phrase in phrases(name)


def test_a_word_inside_a_word_is_no_phrase():
    assert "auth" not in phrases("author")
