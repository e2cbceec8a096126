"""Layer L1: words and folders of paths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.config.globs import compile_glob
from gate.core.area import build_areas, classify
from gate.core.area.kinds import Kind, is_test, kind_of
from gate.core.policy import AreaPolicy
from tests.core.test_threats_factories import (
    areas_of,
    change_of,
    changed,
    shipped_areas,
    shipped_documents,
    touches_of,
)


@pytest.mark.parametrize(
    ("path", "areas"),
    [
        ("src/auth/login.py", {"auth"}),
        ("app/models/UserPermissions.java", {"authz"}),
        ("lib/policies/post.rb", {"authz"}),
        ("pkg/tls_config.go", {"crypto"}),
        ("internal/certificates/store.go", {"crypto"}),
        ("app/gdpr_export.py", {"data"}),
        ("shop/migrations/0002_more.py", {"data"}),
        ("db/migrate/20260101_more.rb", {"data"}),
        ("config/sessions.yml", {"auth"}),
        ("schema/tokens.graphql", {"auth"}),
        ("web/SignUp.vue", {"auth"}),
        ("bin/login", {"auth"}),
        ("src/author.py", set()),
        ("src/shop/cart.py", set()),
        ("src/users/account.py", set()),
    ],
)
def test_the_words_of_a_path_name_its_areas(path, areas):
    assert areas_of(changed(path)) == areas


@pytest.mark.parametrize(
    "path",
    [
        "docs/auth.md",
        "auth/README.rst",
        "locale/de/LC_MESSAGES/auth.po",
        "src/locales/en/login.json",
        "web/auth/login.scss",
        "web/auth/logo.svg",
        "tests/auth/test_login.py",
        "src/auth/login.test.ts",
        "pkg/auth/login_test.go",
        "src/test/auth/LoginTest.java",
        "auth/package-lock.json",
        ".github/workflows/auth.yml",
    ],
)
def test_words_of_prose_translations_styles_tests_and_ci_say_nothing_unless_wide(path):
    assert "auth" not in areas_of(changed(path))
    assert "auth" in areas_of(changed(path), wide=True)


def test_code_in_a_documentation_folder_counts():
    assert areas_of(changed("docs/auth.py")) == {"auth"}


def test_a_class_name_that_only_ends_like_a_test_is_no_test():
    assert not is_test("src/auth/Contest.java")
    assert not is_test("src/auth/latest.py")
    assert is_test("Shop.Tests/auth/LoginTests.cs")


def test_wide_words_count_only_when_asked_for():
    assert areas_of(changed("src/billing/invoice.py")) == set()
    assert areas_of(changed("src/billing/invoice.py"), wide=True) == {"data"}


def test_a_deleted_file_counts_with_its_old_path():
    (touch,) = touches_of(changed("lib/rbac.py", new=None))
    assert (touch.area, touch.layer, touch.rule, touch.side, touch.text) == (
        "authz",
        "L1",
        "L1.word",
        "old",
        "rbac",
    )


def test_a_moved_file_counts_with_both_paths():
    moved = (changed("auth/login.py", new=None), changed("util/helpers.py", old=None))
    assert areas_of(*moved) == {"auth"}
    assert areas_of(*(replace(f) for f in reversed(moved))) == {"auth"}


def test_rows_against_other_merge_bases_count():
    change = change_of(changed("a.py"), other_files=(changed("auth/b.py"),))
    assert {t.path for t in classify(change, shipped_areas(), wide=False)} == {"auth/b.py"}


def test_a_team_adds_globs_and_words_and_areas_of_its_own():
    overlay = {
        "auth": AreaPolicy(paths=(compile_glob("src/IAM/**"),), words=("kerberos", "entra*")),
        "payments": AreaPolicy(title="Money", paths=(compile_glob("src/pay/**"),)),
    }
    areas = build_areas(shipped_documents(), compile_glob, overlay)

    def named(path):
        return {t.area for t in classify(change_of(changed(path)), areas, wide=False)}

    assert (
        named("src/IAM/x.py")
        == named("src/iam/x.py")
        == named("src/\u0456\u0430m/x.py") - {"opaque"}
        == {"auth"}
    )
    assert named("src/kerberos.py") == named("src/entraid.py") == named("auth/x.py") == {"auth"}
    assert named("src/pay/notes.md") == {"payments"}  # a team's own glob counts for every file
    assert named("tests/auth/test_x.py") == set()


def test_a_glob_of_a_team_that_matches_nothing_takes_nothing_away():
    areas = build_areas(
        shipped_documents(), compile_glob, {"gate": AreaPolicy(paths=(compile_glob("nowhere/**"),))}
    )
    assert {t.area for t in classify(change_of(changed(".gate.yml")), areas, wide=False)} == {"gate"}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/CMakeLists.txt", Kind.CONFIG),
        ("requirements.txt", Kind.PROSE),
        ("LICENSE", Kind.PROSE),
        ("Dockerfile", Kind.CONFIG),
        (".env.production", Kind.CONFIG),
        (".bashrc", Kind.CONFIG),
        ("x.unheard-of", Kind.OTHER),
        ("bin/tool", Kind.CODE),
        ("go.sum", Kind.LOCK),
        ("A.PY", Kind.CODE),
    ],
)
def test_kinds_of_files(path, kind):
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "no id"),
        ({"id": "x", "colour": 1}, "unknown key 'colour'"),
        ({"id": "x", "path_words": "auth"}, "path_words must be a list"),
        ({"id": "x", "path_words": [1]}, "path_words must be a list of strings"),
        ({"id": "x", "rules": {"L0.x": "a"}}, "L0.x must be a list of strings"),
        ({"id": "x", "reviewers_of": "nobody"}, "unknown area nobody"),
    ],
)
def test_a_wrong_area_file_is_refused_by_name(document, message):
    with pytest.raises(ValueError, match=message):
        build_areas([document], compile_glob, {})


def test_an_area_defined_twice_is_refused():
    with pytest.raises(ValueError, match="area x: defined twice"):
        build_areas([{"id": "x"}, {"id": "x"}], compile_glob, {})


def test_the_shipped_areas_and_who_reviews_them():
    found = {area.id: (area.structural, area.reviewers_of) for area in shipped_areas()}
    assert found == {
        "auth": (False, None),
        "authz": (False, "auth"),
        "crypto": (False, None),
        "data": (False, None),
        "gate": (True, None),
        "opaque": (True, "gate"),
        "supply": (True, "gate"),
    }


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("src/main/java/a/LoginTest.java", False),
        ("src/main/java/a/tests/Login.java", False),
        ("Shop/UserServiceTests.cs", False),
        ("src/Security/LoginTest.php", False),
        ("app/controllers/tests/login_controller.rb", False),
        ("shop/migrations/tests/0001_x.py", False),
        ("src/app/tests/route.ts", False),
        ("src/routes/e2e/+server.ts", False),
        ("src/test/java/a/LoginTest.java", True),
        ("Shop.UnitTests/UserServiceTests.cs", True),
        ("Tests/AppTests/LoginTests.swift", True),
        ("tests/Security/LoginTest.php", True),
        ("src/pages/__tests__/login.js", True),
    ],
)
def test_what_is_built_or_routed_by_its_folder_is_no_test_by_its_name(path, test):
    assert is_test(path) is test


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("deploy/ca.pem", "crypto"),
        ("keys/release.pub", "crypto"),
        ("etc/.htpasswd", "auth"),
        ("deploy/sudoers.d/app", "authz"),
        ("firestore.rules", "authz"),
    ],
)
def test_keys_and_rules_of_access_are_known_by_their_names(path, area):
    assert area in areas_of(changed(path))
    assert area not in areas_of(changed(f"tests/{path}"))
