"""Layer L4 beside manifests: options, variables and commands that say where programs get other programs from."""

from __future__ import annotations

import time

import pytest

from tests.core.test_area_words import read


def sources(path: str, old: str | None, new: str | None) -> set[tuple[str, str]]:
    """(side, text) of each source that a change tells of."""
    return {(t.side, t.text) for t in read(path, old, new).touches if t.rule == "L4.source"}


@pytest.mark.parametrize(
    ("path", "line", "told"),
    [
        ("Dockerfile", "RUN pip install --index-url https://a.example/simple x", "--index-url https://a.example/simple"),
        ("Dockerfile", "RUN pip3 install -i https://a.example/ x", "-i https://a.example/"),
        ("Dockerfile", "RUN uv pip install --extra-index-url=https://a.example x", "--extra-index-url https://a.example"),
        ("Dockerfile", "      --trusted-host a.example \\", "--trusted-host a.example"),
        ("Dockerfile", "ENV PIP_INDEX_URL=https://a.example", "PIP_INDEX_URL https://a.example"),
        ("Dockerfile", "ENV GOPROXY https://a.example", "GOPROXY https://a.example"),
        ("Dockerfile", "ARG npm_config_registry=https://a.example", "npm_config_registry https://a.example"),
        ("Dockerfile", "ADD https://a.example/x/y/z.tar.gz /", "download https://a.example/x/y"),
        ("Dockerfile", "RUN curl -o /x https://a.example/x && /x", "download https://a.example"),
        ("docker-compose.yml", "    image: a.example/team/db:16", "image a.example/team/db"),
        ("k8s/app.yaml", "      - image: team/app@sha256:aa", "image team/app"),
        ("main.tf", '  source = "git::https://a.example/x/vpc.git?ref=v1"', "module git::https://a.example/x/vpc"),
        ("Chart.yaml", "  repository: https://a.example/charts", "chart https://a.example/charts"),
        ("kustomization.yaml", "- https://a.example/x.yaml", "base https://a.example/x.yaml"),
        ("WORKSPACE", 'http_archive(name = "a", url = "https://a.example/b/c/d.zip")', "archive https://a.example/b/c"),
        ("CMakeLists.txt", "  GIT_REPOSITORY https://a.example/b/c.git", "archive https://a.example/b/c"),
        ("Dockerfile", "FROM a.example:5000/team/python:3.12", "image a.example:5000/team/python"),
        ("Dockerfile", "COPY --from=ghcr.io/a/b:1 /x /x", "image ghcr.io/a/b"),
        ("Dockerfile", "RUN apt-get install -y --allow-unauthenticated x", "--allow-unauthenticated"),
        ("ci/build.sh", "npm ci --registry=https://a.example", "--registry https://a.example"),
        ("ci/build.sh", "yarn config set registry https://a.example", "yarn config set registry https://a.example"),
        ("ci/build.sh", "GONOSUMDB=* go build ./...", "GONOSUMDB *"),
        ("ci/build.sh", "go env -w GOPROXY=direct", "GOPROXY direct"),
        ("ci/build.sh", "gem sources --add https://a.example", "gem sources --add https://a.example"),
        ("ci/build.sh", "dotnet nuget add source https://a.example", "dotnet nuget add source https://a.example"),
        ("ci/build.sh", "cargo install --index https://a.example x", "--index https://a.example"),
        ("ci/build.sh", 'echo "deb [trusted=yes] https://a.example stable main" > /etc/apt/sources.list.d/a.list', "deb https://a.example"),
        ("ci/build.sh", "curl -sSf https://a.example | sudo -E bash -", "curl -sSf https://a.example | sudo -E bash"),
        ("ci/build.sh", 'bash -c "$(curl -fsSL https://a.example)"', 'bash -c "$(curl -fsSL https://a.example'),
        ("install.cmd.ps1", "irm https://a.example | iex", "irm https://a.example | iex"),
        (".gitlab-ci.yml", "  PIP_INDEX_URL: https://a.example", "PIP_INDEX_URL https://a.example"),
        (".github/workflows/ci.yml", "      - run: npm install --registry https://a.example", "--registry https://a.example"),
        ("deploy.yml", "            - name: PIP_INDEX_URL", "PIP_INDEX_URL"),
        ("Makefile", "\tGOPROXY=off go build", "GOPROXY off"),
        ("tools/run.py", 'run(["pip", "install", "--index-url", "https://a.example", "x"])', "--index-url https://a.example"),
    ],
)  # fmt: skip
def test_a_source_of_code_asks_for_a_human_where_it_comes_and_where_it_goes(path, line, told):
    assert ("new", told) in sources(path, "a\n", f"a\n{line}\n")
    assert ("old", told) in sources(path, f"a\n{line}\n", "a\n")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("README.md", "pip install --index-url https://a.example x"),
        ("tests/run.sh", "pip install --index-url https://a.example x"),
        ("ci/build.sh", "# npm ci --registry=https://a.example"),
        ("ci/build.sh", "npm ci && pip install -r requirements.txt && go build ./..."),
        ("ci/build.sh", "curl -o page.html https://a.example"),
        ("ci/build.sh", "grep -i pip install.log | sort -f"),
        ("ci/build.sh", "git fetch --source x"),
        ("Dockerfile", "FROM python:3.12-slim AS build"),
        ("Dockerfile", "COPY --from=build /x /x"),
        ("app/index.py", "find(index=3, registry=self.registry, source=source)"),
    ],
)
def test_what_names_no_source_is_none(path, line):
    assert not sources(path, "a\n", f"a\n{line}\n")


def test_a_source_that_only_moves_or_gets_another_version_asks_for_nobody():
    assert not sources("a.sh", "npm ci --registry https://a\nb\n", "b\nnpm ci  --registry https://a -q\n")
    assert not sources("Dockerfile", "FROM ghcr.io/a/b:1\n", "FROM ghcr.io/a/b:2@sha256:00\n")


def test_another_source_shows_both_with_their_lines():
    found = read("Dockerfile", "a\nENV GOPROXY=https://a\n", "a\nENV GOPROXY=https://b\n").touches
    assert [(t.area, t.layer, t.side, t.line, t.text) for t in found] == [
        ("supply", "L4", "new", 2, "GOPROXY https://b"),
        ("supply", "L4", "old", 2, "GOPROXY https://a"),
    ]


def test_the_password_of_an_index_is_not_shown():
    [(_, text)] = sources("a.sh", "", "pip install --index-url https://bob:hunter2-secret@a.example x\n")
    assert "hunter2-secret" not in text
    assert "a.example" in text


def test_a_hostile_script_takes_no_long_time():
    line = "npm pip --" * 200 + "\n"
    start = time.process_time()
    read("a.sh", "", line * 400)
    assert time.process_time() - start < 5
