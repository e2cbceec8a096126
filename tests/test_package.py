"""What is in the wheel is all that the command needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "-w", str(folder), str(ROOT)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_every_data_file_is_in_the_wheel(wheel):
    names = set(wheel.namelist())
    shipped = [p for p in (ROOT / "rulesets").rglob("*") if p.is_file() and p.suffix in (".yml", ".yaml")]
    rules = {f"gate/_rulesets/{p.relative_to(ROOT / 'rulesets').as_posix()}" for p in shipped}
    assert rules - {n for n in rules if n.endswith(".test.yaml")} <= names
    data = [p for p in (ROOT / "gate").rglob("*") if p.suffix in (".json", ".j2", ".typed", ".md")]
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names


def test_no_fixture_and_no_test_is_in_the_wheel(wheel):
    names = wheel.namelist()
    assert [n for n in names if n.endswith(".test.yaml") or n.startswith("tests/")] == []
    fixtures = [n for n in names if n.startswith("gate/_rulesets/semgrep/") and not n.endswith(".yaml")]
    assert fixtures == []


def test_the_wheel_runs_from_a_folder_of_its_own(wheel, tmp_path):
    wheel.extractall(tmp_path)
    script = "import gate, gate.rulesets as r; print(gate.__file__); print(r.directory())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    package, rules = done.stdout.split()
    assert package.startswith(str(tmp_path))
    assert Path(rules) == tmp_path / "gate" / "_rulesets"


def test_ci_files_are_found_in_the_wheel(wheel, tmp_path):
    wheel.extractall(tmp_path)
    script = "from gate.pipeline.init.shipped import template; print(template('github/gate.yml'))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {script}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "pull_request:" in done.stdout
