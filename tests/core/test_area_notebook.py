"""Notebooks: the code of their cells counts, what cells put out and what they tell does not."""

from __future__ import annotations

import json

import pytest

from tests.core.test_area_words import areas, read


def notebook(*cells: tuple[str, object], indent: int | None = 1, **more: object) -> str:
    """A notebook as Jupyter writes it; each cell is its kind and its source."""
    rows = [{"cell_type": kind, "metadata": {}, "source": source, **more} for kind, source in cells]
    return json.dumps({"cells": rows, "nbformat": 4}, indent=indent) + "\n"


PLAIN = notebook(("code", ["x = 1\n", "y = 2"]))


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["x = 1\n", "y = check_password(u, p)"], {"auth"}),
        (["def login(u):\n", "    y = 2"], {"auth"}),
        (["x = 1\n", "if user.is_admin:\n", "    y = 2"], {"authz"}),
        (["x = 1\n", "# check_password\n", "y = 'the password is wrong'"], set()),
        (["import bcrypt\n", "x = 1"], set()),
        ("x = 1\ny = hmac.new(k)", {"crypto"}),
    ],
)
@pytest.mark.parametrize("indent", [1, None], ids=["as Jupyter writes it", "in one line"])
def test_code_of_a_cell_counts_like_any_python(lines, found, indent):
    new = notebook(("code", lines), indent=indent)
    assert areas("work/a.ipynb", notebook(("code", ["x = 1\n"]), indent=indent), new) == found


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_text_cells_do_not_count(kind):
    assert not areas(
        "a.ipynb", PLAIN, notebook(("code", ["x = 1\n", "y = 2"]), (kind, ["login(password)\n"]))
    )


def test_what_cells_put_out_does_not_count():
    outputs = [{"data": {"text/html": "<p>session token</p>"}, "text": ["password", "csrf"]}]
    new = notebook(("code", ["x = 1\n", "y = 2"]), outputs=outputs)
    assert not areas("a.ipynb", PLAIN, new)


def test_a_cell_that_says_two_kinds_of_itself_is_code():
    cell = '"cell_type": "code", "source": ["check_password(u)"], "cell_type": "markdown"'
    assert areas("a.ipynb", PLAIN, f'{{"cells": [{{{cell}}}]}}\n') == {"auth"}


def test_a_plot_is_not_a_line_that_nobody_can_review_but_a_long_line_of_code_is():
    plot = [{"data": {"image/png": "iVBORw0KGgo" * 400 + "\n"}}]
    assert not read("a.ipynb", PLAIN, notebook(("code", ["x = 1\n", "y = 2"]), outputs=plot)).touches
    long = notebook(("code", ["x = '" + "a" * 3000 + "'"]))
    assert [t.rule for t in read("a.ipynb", PLAIN, long).touches] == ["L0.minified"]


def test_the_evidence_is_the_line_of_code_without_the_secret():
    found = read("a.ipynb", PLAIN, notebook(("code", ["x = 1\n", 'y = check_password(u, "hunter22")\n'])))
    [touch] = found.touches
    assert (touch.line, touch.text) == (8, 'y = check_password(u, "…")')


def test_what_is_no_notebook_is_read_as_it_stands():
    assert areas("a.ipynb", None, "y = check_password(u)\n") == {"auth"}
    assert areas("a.ipynb", None, "[" * 100_000 + "\n") == {"opaque"}


def test_an_installer_in_a_cell_is_a_source_of_code():
    new = notebook(("code", ["x = 1\n", "!pip install --index-url https://a.example y"]))
    assert areas("a.ipynb", PLAIN, new) == {"supply"}
