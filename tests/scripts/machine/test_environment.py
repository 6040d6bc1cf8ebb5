"""What a measured process, a script and the suite's own interpreter get of what a user has set."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile import HOSTILE
from suite.machine import environment

PROJECT = Path(__file__).resolve().parents[3]
SUITE = PROJECT / "scripts" / "suite"
CALM = {"PATH": os.environ["PATH"], "HOME": "/root", "LANG": "C.UTF-8"}


@pytest.fixture
def has_set(monkeypatch):
    """Makes the environment of a user, and nothing else."""

    def set_all(**variables: str) -> None:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in {**CALM, **variables}.items():
            monkeypatch.setenv(name, value)

    monkeypatch.setattr(environment, "_taken", {})
    set_all()
    return set_all


def test_a_measured_process_gets_the_same_whatever_a_user_has_set(has_set):
    calm = environment.of_cpp({}), environment.of_python({}, 2, Path("cache"))
    has_set(**HOSTILE)
    assert len(HOSTILE) > 50
    assert (environment.of_cpp({}), environment.of_python({}, 2, Path("cache"))) == calm
    assert environment.removed({}) == sorted(HOSTILE)


def test_a_short_list_passes_and_what_nobody_knows_does_not(has_set):
    has_set(LC_NUMERIC="de_DE.UTF-8", LD_LIBRARY_PATH="/opt/gcc/lib64", SECRET="x", PS1="$ ")
    passed = environment.of_cpp({})
    assert passed == {
        **CALM,
        "LC_NUMERIC": "de_DE.UTF-8",
        "LD_LIBRARY_PATH": "/opt/gcc/lib64",
        "OMP_WAIT_POLICY": "passive",
    }
    assert environment.removed({}) == []


def test_a_python_rung_has_its_own_threads_and_none_of_a_blas(has_set):
    single, several = (environment.of_python({}, threads) for threads in (1, 4))
    assert (single["OPENBLAS_NUM_THREADS"], several["OPENBLAS_NUM_THREADS"]) == ("1", "1")
    assert (single["NUMBA_NUM_THREADS"], several["NUMBA_NUM_THREADS"]) == ("1", "4")


def test_what_is_asked_for_reaches_what_is_measured_and_says_what_it_does(has_set):
    has_set(OMP_WAIT_POLICY="active", GLIBC_TUNABLES="x", OWN="y")
    kept = environment.kept(["OMP_WAIT_POLICY", "OWN"])
    assert [each["name"] for each in kept] == ["OMP_WAIT_POLICY", "OWN"]
    assert "OpenMP" in kept[0]["does"]
    assert environment.ANYTHING == kept[1]["does"]
    passed = environment.of_cpp(environment.values(kept))
    assert passed == {**CALM, "OMP_WAIT_POLICY": "active", "OWN": "y"}


def test_every_family_that_is_taken_out_says_what_it_does():
    assert all(does.startswith("decides ") for _, does in environment._listed("removes"))


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("OMP_*", "takes names of variables of the environment"),
        ("A=1", "takes names of variables of the environment"),
        ("OMP_PLACE", "names OMP_PLACE, which is not set"),
        ("OMP_NUM_THREADS", "which the suite sets itself for every row"),
        ("BENCHMARK_REPETITIONS", "which the suite sets itself for every row"),
        ("MALLOC_CONF", "whose value is no line that a run can hold"),
        ("MALLOC_LONG", "whose value is no line that a run can hold"),
    ],
)
def test_a_setting_that_cannot_be_kept_is_refused_in_one_sentence(has_set, name, complaint):
    has_set(
        OMP_NUM_THREADS="2", BENCHMARK_REPETITIONS="3", MALLOC_CONF="a\nb", MALLOC_LONG="x" * 2000
    )
    with pytest.raises(ValueError, match="^KEEP_ENV ") as refused:
        environment.kept([name])
    assert complaint in str(refused.value)


def of_scripts(keep: str, variables: dict[str, str]) -> dict[str, str]:
    """What a script has left of these after it has made its environment."""
    told = "import json, os; print(json.dumps(dict(os.environ)))"
    script = f'. scripts/environment.sh; make_environment "{keep}"; exec "$0" -c "{told}"'
    words = ["bash", "-euc", script, sys.executable]
    done = subprocess.run(
        words, cwd=PROJECT, env={**CALM, **variables}, check=True, capture_output=True
    )
    return json.loads(done.stdout)


def test_scripts_take_out_what_python_does(has_set):
    left = of_scripts("", HOSTILE)
    assert not left.keys() & HOSTILE.keys()
    has_set(**left)
    assert environment.removed({}) == sorted(HOSTILE)


def test_scripts_leave_what_is_asked_for_and_what_nobody_knows():
    left = of_scripts("OMP_PLACES", {**HOSTILE, "PYTHON": "python3", "PYTHONS": "a b", "OWN": "x"})
    assert left.keys() & HOSTILE.keys() == {"OMP_PLACES"}
    assert (left["PYTHON"], left["PYTHONS"], left["OWN"]) == ("python3", "a b", "x")


def test_our_own_interpreter_takes_out_the_same_and_still_knows_what_can_be_kept(has_set):
    has_set(**HOSTILE)
    environment.tidy()
    assert os.environ.keys() & HOSTILE.keys() == {"MATPLOTLIBRC"}
    assert os.environ["MATPLOTLIBRC"] == os.devnull
    assert environment.removed({}) == sorted(HOSTILE)
    assert environment.kept(["OMP_PLACES"])[0]["value"] == HOSTILE["OMP_PLACES"]


@pytest.mark.parametrize("text", [b"text.usetex: True\n", b"font.family: \xff\xfe\n"])
def test_pictures_ask_no_settings_of_the_user(tmp_path, text):
    (tmp_path / ".config" / "matplotlib").mkdir(parents=True)
    for file in (".config/matplotlib/matplotlibrc", "matplotlibrc"):
        (tmp_path / file).write_bytes(text)
    code = (
        "from suite.machine import environment\n"
        "environment.tidy()\n"
        "import matplotlib\n"
        "print(matplotlib.rcParams['text.usetex'])\n"
    )
    for variables in ({}, {"MPLCONFIGDIR": str(tmp_path)}, {"MATPLOTLIBRC": str(tmp_path)}):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT / "scripts",
            env={**CALM, "HOME": str(tmp_path), **variables},
            capture_output=True,
            text=True,
        )
        assert (done.stdout, done.stderr) == ("False\n", "")


def starts_of_processes() -> list[tuple[str, ast.Call]]:
    """Every call in scripts/suite that starts a program."""
    return [
        (f"{file.relative_to(SUITE)}:{call.lineno}", call)
        for file in sorted(SUITE.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("subprocess.")
        if call.func.attr in ("run", "Popen", "check_output", "check_call", "call")  # type: ignore[attr-defined]
    ]


def test_no_program_is_started_with_an_environment_that_nobody_made():
    calls = starts_of_processes()
    assert len(calls) > 4
    assert [
        place for place, call in calls if "env" not in {each.arg for each in call.keywords}
    ] == []


def test_no_other_module_copies_the_environment():
    copies = [
        file.name
        for file in SUITE.rglob("*.py")
        if "**os.environ" in file.read_text(encoding="utf-8")
    ]
    assert copies == ["environment.py"]
