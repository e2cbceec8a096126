"""Layer L4: manifests, locks, settings of package managers, scripts that are run on installing."""

from __future__ import annotations

import json
import time

import pytest

from gate.core.area import classify, is_manifest
from tests.core.test_threats_factories import change_of, changed, shipped_areas, touches_of


def rows(path: str, old: str | None, new: str | None, *, known: bool = True) -> set[tuple[str, str, str]]:
    """(area, rule, side) of layer L4 for one changed file."""
    sides = tuple(None if text is None else text.encode() for text in (old, new))
    touches = classify(
        change_of(changed(path, old, new)),
        shipped_areas(),
        wide=False,
        manifests={path: sides} if known else {},
    )
    return {(t.area, t.rule, t.side) for t in touches if t.layer == "L4"}


NPM = {"lockfileVersion": 3, "packages": {}}


def npm(**packages: dict) -> str:
    return json.dumps(
        {**NPM, "packages": {"": {}, **{f"node_modules/{name}": row for name, row in packages.items()}}}
    )


REGISTRY = "https://registry.npmjs.org"


@pytest.mark.parametrize(
    ("path", "old", "new", "area"),
    [
        ("requirements.txt", "pyjwt==2.8.0\n", "pyjwt==2.9.0\n", "auth"),
        ("requirements/base.txt", "a==1\n", "a==1\ncryptography>=42  # new\n", "crypto"),
        ("pyproject.toml", '[project]\ndependencies = ["a"]\n', '[project]\ndependencies = ["a", "PyJWT[crypto]>=2"]\n', "auth"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nbcrypt = "3"\n', '[tool.poetry.dependencies]\nbcrypt = "4"\n', "auth"),
        ("uv.lock", '[[package]]\nname = "passlib"\nversion = "1"\n', '[[package]]\nname = "passlib"\nversion = "2"\n', "auth"),
        ("Pipfile", '[packages]\nauthlib = "*"\n', "[packages]\n", "auth"),
        ("package.json", "{}", '{"dependencies": {"jsonwebtoken": "^9"}}', "auth"),
        ("package.json", '{"dependencies": {"@casl/ability": "^5"}}', '{"dependencies": {"@casl/ability": "^6"}}', "authz"),
        ("yarn.lock", 'passport@^0.6.0:\n  version "0.6.0"\n', 'passport@^0.7.0:\n  version "0.7.0"\n', "auth"),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "lockfileVersion: '9.0'\npackages:\n  node-forge@1.3.1:\n    resolution: {integrity: sha512-a}\n", "crypto"),
        ("go.mod", "require github.com/golang-jwt/jwt/v5 v5.1.0\n", "require github.com/golang-jwt/jwt/v5 v5.2.0\n", "auth"),
        ("go.mod", "require golang.org/x/crypto v0.1.0\n", "require (\n\tgolang.org/x/crypto v0.2.0 // indirect\n)\n", "crypto"),
        ("pom.xml", "<project/>", "<project><dependencies><dependency><groupId>org.bouncycastle</groupId><artifactId>bcprov</artifactId><version>1</version></dependency></dependencies></project>", "crypto"),
        ("app/build.gradle.kts", "x\n", 'implementation("io.jsonwebtoken:jjwt-api:0.12.3")\n', "auth"),
        ("Cargo.toml", "[dependencies]\n", '[dependencies]\nrustls = { version = "0.23" }\n', "crypto"),
        ("Gemfile", "gem 'rails'\n", "gem 'rails'\ngem 'devise', '~> 4'\n", "auth"),
        ("Gemfile.lock", "GEM\n  specs:\n    pundit (2.3)\n", "GEM\n  specs:\n    pundit (2.4)\n", "authz"),
        ("composer.json", "{}", '{"require": {"laravel/sanctum": "^4"}}', "auth"),
        ("App.csproj", "<Project/>", '<Project><PackageReference Include="BouncyCastle.Cryptography" Version="2" /></Project>', "crypto"),
        ("mix.exs", "x\n", '{:guardian, "~> 2.0"}\n', "auth"),
        ("pubspec.yaml", "dependencies:\n", "dependencies:\n  pointycastle: ^3.0.0\n", "crypto"),
        ("Package.swift", "x\n", '.package(url: "https://github.com/apple/ring", from: "1.0.0")\n', "crypto"),
    ],
)  # fmt: skip
def test_a_changed_package_of_an_area_touches_it(path, old, new, area):
    assert area in {found for found, rule, _ in rows(path, old, new) if rule == "L4.package"}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("package-lock.json", npm(a={"version": "1", "resolved": f"{REGISTRY}/a/1.tgz", "integrity": "sha512-x"}),
         npm(a={"version": "2", "resolved": f"{REGISTRY}/a/2.tgz", "integrity": "sha512-y"})),
        ("requirements.txt", "django==4\n", "django==5\n"),
        ("Cargo.lock", "version = 3\n", "version = 4\n"),
        ("go.sum", "a.example/x v1 h1:a=\n", "a.example/x v2 h1:b=\n"),
        ("package.json", '{"scripts": {"test": "a"}}', '{"scripts": {"test": "b"}}'),
        ("pyproject.toml", "[tool.ruff]\nline-length = 90\n", "[tool.ruff]\nline-length = 99\n"),
    ],
)  # fmt: skip
def test_other_packages_and_their_hashes_touch_nothing(path, old, new):
    assert rows(path, old, new) == set()


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        ("package-lock.json", npm(a={"version": "1", "resolved": f"{REGISTRY}/a.tgz"}), npm(a={"version": "1", "resolved": "https://evil.example/a.tgz"}), "L4.source"),
        ("package-lock.json", npm(a={"version": "1", "integrity": "sha512-x"}), npm(a={"version": "1", "integrity": "sha512-y"}), "L4.integrity"),
        ("package-lock.json", npm(a={"version": "1"}), npm(a={"version": "1", "hasInstallScript": True}), "L4.script"),
        ("package.json", "{}", '{"scripts": {"postinstall": "node x.js"}}', "L4.script"),
        ("package.json", '{"dependencies": {"a": "^1"}}', '{"dependencies": {"a": "github:evil/a"}}', "L4.source"),
        (".npmrc", "", "registry=https://evil.example\n", "L4.source"),
        ("requirements.txt", "a==1\n", "--extra-index-url https://evil.example/simple\na==1\n", "L4.source"),
        ("requirements.txt", "a==1 --hash=sha256:aa\n", "a==1 --hash=sha256:bb\n", "L4.integrity"),
        ("uv.lock", '[[package]]\nname = "a"\nversion = "1"\nwheels = [{hash = "sha256:a"}]\n', '[[package]]\nname = "a"\nversion = "1"\nwheels = [{hash = "sha256:b"}]\n', "L4.integrity"),
        ("go.sum", "a.example/x v1 h1:a=\n", "a.example/x v1 h1:b=\n", "L4.integrity"),
        ("go.mod", "require a.example/x v1\n", "require a.example/x v1\nreplace a.example/x => evil.example/x v1\n", "L4.source"),
        ("Cargo.lock", '[[package]]\nname = "a"\nversion = "1"\nchecksum = "a"\n', '[[package]]\nname = "a"\nversion = "1"\nchecksum = "b"\n', "L4.integrity"),
        ("composer.json", "{}", '{"scripts": {"post-install-cmd": "x"}}', "L4.script"),
        ("yarn.lock", 'a@^1:\n  version "1"\n  integrity sha512-x\n', 'a@^1:\n  version "1"\n  integrity sha512-y\n', "L4.integrity"),
        ("pom.xml", "<project/>", "<project><repositories><repository><url>https://evil.example</url></repository></repositories></project>", "L4.source"),
        ("setup.py", "setup()\n", "setup(cmdclass={})\n", "L4.script"),
        ("scripts/install.sh", "a\n", "b\n", "L4.script"),
        ("build.rs", "fn main() {}\n", "fn main() { run() }\n", "L4.script"),
        ("nuget.config", "<configuration/>", '<configuration><packageSources><add key="x" value="https://evil.example"/></packageSources></configuration>', "L4.source"),
        ("gradle/wrapper/gradle-wrapper.properties", "distributionUrl=a\n", "distributionUrl=b\n", "L4.source"),
    ],
)  # fmt: skip
def test_another_source_hash_or_script_touches_supply_both_ways(path, old, new, rule):
    assert ("supply", rule) in {(area, found) for area, found, _ in rows(path, old, new)}
    assert ("supply", rule) in {(area, found) for area, found, _ in rows(path, new, old)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package-lock.json", "{"),
        ("package-lock.json", "[" * 100_000),
        ("poetry.lock", "[[package]\n"),
        ("pnpm-lock.yaml", "x\n"),
        ("go.sum", "x\n"),
        ("yarn.lock", "x\n"),
        ("Gemfile.lock", "x\n"),
        ("composer.lock", "1"),
        ("pom.xml", "x"),
    ],
)
def test_what_cannot_be_read_is_opaque(path, text):
    assert rows(path, None, text) == {("opaque", "L4.unreadable", "new")}
    assert rows(path, text, None) == {("opaque", "L4.unreadable", "old")}


def test_a_lock_whose_bytes_are_not_known_is_opaque():
    assert rows("package-lock.json", npm(), npm(a={"version": "1"}), known=False) == {
        ("opaque", "L4.unreadable", "old")
    }


def test_evidence_says_what_changed_and_where():
    path, old, new = "requirements.txt", "django==5\npyjwt==2.8.0\n", "django==5\npyjwt==2.9.0\n"
    (touch,) = classify(
        change_of(changed(path, old, new)),
        shipped_areas(),
        wide=False,
        manifests={path: (old.encode(), new.encode())},
    )
    assert (touch.area, touch.line, touch.side, touch.text) == ("auth", 2, "new", "pyjwt ==2.8.0 → ==2.9.0")


def test_only_manifests_are_taken_for_such():
    assert not any(
        map(is_manifest, ("src/package.py", "settings.json", "docs/requirements.md", "lib/setup.js"))
    )


def test_hostile_manifests_take_linear_time():
    start = time.process_time()
    for path, piece in (
        ("pom.xml", "<dependency>"), ("pom.xml", "<dependency "), ("pom.xml", "<version> "), ("pnpm-lock.yaml", "  a@"), ("yarn.lock", "a@,"),
        ("Gemfile", "gem 'a', git "), ("Package.swift", ".package("), ("mix.exs", "{:a,"), ("build.gradle", "'a:b"), ("go.mod", "require ("),
        ("requirements.txt", "a "), ("requirements.txt", "a\\\n"), ("a.csproj", "<PackageReference "), ("bun.lock", "{,   "), (".npmrc", "a="),
    ):  # fmt: skip
        rows(path, "x\n", piece * (200_000 // len(piece)))
    assert time.process_time() - start < 30  # 2 seconds on an idle machine


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("package.json", '{"dependencies": {"a": "~1.2.0"}}', '{"dependencies": {"a": "~1.2.1"}}'),
        (
            "package-lock.json",
            npm(a={"version": "1", "integrity": "sha512-x"}),
            npm(a={"version": "1", "integrity": "sha512-x", "resolved": f"{REGISTRY}/a/-/a-1.tgz"}),
        ),
    ],
    ids=["a range of versions", "a lock that begins to name the official registry"],
)
def test_the_official_registry_is_where_packages_come_from_anyway(path, old, new):
    assert rows(path, old, new) == set()


def test_a_package_that_leaves_the_official_registry_or_comes_to_it_does_not():
    official = npm(a={"version": "1", "resolved": f"{REGISTRY}/a/-/a-1.tgz"})
    other = npm(a={"version": "1", "resolved": "https://npm.acme.example/a/-/a-1.tgz"})
    assert ("supply", "L4.source", "new") in rows("package-lock.json", official, other)
    assert ("supply", "L4.source", "new") in rows("package-lock.json", other, official)


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("node_modules/passport/index.js", "auth"),
        ("vendor/github.com/golang-jwt/jwt/v5/parser.go", "auth"),
        ("web/node_modules/@auth0/client/lib/x.js", "auth"),
    ],
)
def test_a_changed_copy_of_a_package_of_an_area_touches_it(path, area):
    assert (area, "L4.package") in {(t.area, t.rule) for t in touches_of(changed(path))}
    assert "L4.package" not in {t.rule for t in touches_of(changed("vendor/left-pad/index.js"))}


def test_another_file_of_the_same_version_is_no_other_package():
    lock = '[[package]]\nname = "cryptography"\nversion = "49.0.0"\nsource = {{ registry = "https://pypi.org/simple" }}\nwheels = [{}]\n'
    wheel = '{{ url = "https://files.pythonhosted.org/c-{0}.whl", hash = "sha256:{0}" }}'
    one, two = wheel.format("a" * 64), wheel.format("b" * 64)
    assert rows("uv.lock", lock.format(one), lock.format(f"{one}, {two}")) == {
        ("supply", "L4.integrity", "new")
    }
