"""The type hints of scripts/suite, checked by mypy as pyproject.toml says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

pytest.importorskip("mypy", reason="mypy is not installed")


def mypy(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mypy", "--config-file", PROJECT / "pyproject.toml"]
    return subprocess.run(
        [*map(str, [*command, *arguments])],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_types_of_the_suite_fit():
    checked = mypy()
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ("def twice(number):\n    return 2 * number\n", "missing a type annotation"),
        ("def half(number: int) -> int:\n    return number / 2\n", "Incompatible return value"),
    ],
)
def test_a_function_without_types_or_with_wrong_ones_is_found(tmp_path, planted, complaint):
    file = tmp_path / "planted.py"
    file.write_text(planted)
    checked = mypy(file)
    assert checked.returncode == 1
    assert complaint in checked.stdout
