"""The pictures in docs/images: `python -m tests.reports.screenshots` makes them again, after `make browser`.

The comment is rendered by GitHub's Markdown engine in a plain page that looks like a comment.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options as Cmark

from gate.reports import render
from gate.reports.comment import render as comment
from tests.reports import scenarios

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
STYLE = """
body { max-width: 54rem; margin: 16px; color: #1f2328; font: 14px/1.5 system-ui, "Noto Sans", sans-serif; }
main { border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px 12px; }
h3 { font-size: 1.25em; } h4 { margin: 18px 0 8px; font-size: 1em; }
code { padding: .2em .4em; border-radius: 6px; background: #eff1f3; font-size: 85%; }
pre { padding: 12px; border-radius: 6px; background: #f6f8fa; } pre code { padding: 0; background: none; }
table { border-collapse: collapse; } td, th { padding: 6px 13px; border: 1px solid #d1d9e0; } a { color: #0969da; }
"""


def page(markdown: str) -> str:
    """Return a page that shows a comment."""
    html = cmarkgfm.markdown_to_html_with_extensions(
        markdown,
        options=Cmark.CMARK_OPT_UNSAFE | Cmark.CMARK_OPT_HARDBREAKS,
        extensions=["table", "autolink", "strikethrough"],
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>Comment</title><style>{STYLE}</style><main>{html}</main>"
    )


def main() -> None:
    """Write every picture."""
    web = {"web_url": "https://github.com/acme/shop", "forge": "github"}
    pages = {
        "comment": (
            page(comment(scenarios.needs_signoff(), key="default", **web)),
            {"width": 900, "full": True},
        ),
        "comment-ko": (
            page(comment(scenarios.korean(), key="default", language="ko", **web)),
            {"width": 900, "full": True},
        ),
        "comment-blocked": (
            page(comment(scenarios.blocked(), key="default", **web)),
            {"width": 900, "full": True},
        ),
        "summary": (page(render("markdown", scenarios.incomplete(), **web)), {"width": 900, "full": True}),
        "html-report": (render("html", scenarios.blocked()), {"width": 1100, "height": 1250}),
        "html-report-dark": (
            render("html", scenarios.needs_signoff()),
            {"width": 1100, "height": 1250, "dark": True},
        ),
    }
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = []
        for title, (text, shot) in pages.items():
            path = folder / f"{title}.html"
            path.write_text(text, encoding="utf-8")
            jobs.append({"page": str(path), "shots": [{"path": str(IMAGES / f"{title}.png"), **shot}]})
        (folder / "jobs.json").write_text(json.dumps(jobs))
        command = ["node", str(ROOT / "tests" / "browser" / "open.mjs"), str(folder / "jobs.json")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
