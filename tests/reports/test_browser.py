"""The page in a real browser: hostile text runs nothing and asks for nothing; filter, folds and print work."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gate.reports import render
from tests.reports import scenarios
from tests.reports.hostile import PIECES

BROWSER = Path(__file__).resolve().parents[1] / "browser"
#: What runs, loads or moves something when a page lets it.
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><details open ontoggle=alert(1)>',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<link rel=stylesheet href=http://127.0.0.1:1/x.css>",
    "</style><style>@import 'http://127.0.0.1:1/x.css'</style>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'>",
    "<base href=http://127.0.0.1:1/>",
    "<form action=http://127.0.0.1:1/><button autofocus onfocus=alert(1)>",
    "<video src=http://127.0.0.1:1/x.mp4 autoplay></video>",
    "<a href=javascript:alert(1)>x</a>",
    "</title><body onload=alert(1)>",
    "{{ cycler.__init__.__globals__ }}",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--",
    "--><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    *PIECES,
)


def is_installed() -> bool:
    return bool(shutil.which("node")) and (BROWSER / "node_modules" / "playwright-core").is_dir()


pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="headless Chromium is not installed: make browser"),
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]


def opened(jobs: list[dict], folder: Path) -> list[dict]:
    """What each page did."""
    job = folder / "jobs.json"
    job.write_text(json.dumps(jobs))
    done = subprocess.run(
        ["node", str(BROWSER / "open.mjs"), str(job)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict[str, dict]:
    """Every page of the tests, opened once: name → what it did."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {name: render("html", make(), **options) for name, (make, options) in scenarios.SCENARIOS.items()}
    for number in range(0, len(ATTACKS), 8):
        text = " ".join(ATTACKS[number : number + 8])
        pages[f"attack {number}"] = render(
            "html", scenarios.everywhere(text, f"src/{text[:80]}.py".replace("\0", ""))
        )
    jobs = []
    for number, (name, text) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(text, encoding="utf-8")
        sizes = [{"width": 360}, {"width": 1200, "dark": True}, {"width": 800, "print": True}]
        jobs.append({"page": str(path), "shots": sizes})
        if name == "blocked":
            jobs[-1]["uncheck"] = ["severity-medium", "state-new"]
    return dict(zip(pages, opened(jobs, folder), strict=True))


def test_nothing_runs_and_nothing_is_asked_for(seen):
    for name, page in seen.items():
        assert page["requests"] == [], name
        assert page["dialogs"] == 0, name
        assert page["errors"] == [], name
        assert page["console"] == [], name  # a breach of the page's policy would be written there
        for kind in ("scripts", "handlers", "loading", "styles", "ids"):
            assert page["dom"][kind] == 0, (name, kind)


def test_links_lead_nowhere_but_to_sections_and_the_web(seen):
    for name, page in seen.items():
        for link in page["dom"]["links"]:
            assert link.startswith(("#", "https://cwe.mitre.org/", "https://owasp.org/")), (name, link)


def test_the_style_is_not_refused_by_the_policy(seen):
    assert all(page["dom"]["styled"] for page in seen.values())


def test_the_filter_works_by_keyboard_and_without_a_script(seen):
    page = seen["blocked"]
    assert page["dom"]["findings"] == 8
    assert page["visible"] == 1  # what is neither medium nor new: the suppressed one
    assert page["toggled"]


def test_no_page_is_wider_than_a_phone(seen):
    """A long word or line scrolls in its own box."""
    for name, page in seen.items():
        assert page["dom"]["wider"] <= 0, name
        assert max(page["widths"], default=0) <= 0, name
