"""The environment of what is measured, of tools that are asked, and of this interpreter.

It is made, not inherited: environment.list says what becomes of the variables that a user has set,
for the scripts, too. Who wants one of them in what is measured names it in KEEP_ENV; it then stands
in the run, which begins and goes on with its value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("environment.list")
# Of what is in no family of the list: a rung may ask for it.
ANYTHING = "others have not set"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
LONGEST_VALUE = 1000

# Threads of OpenMP sleep while they wait. Spinning, two threads that share a core for a moment,
# because something else has the other, wait for each other until the time slices are over.
SET = {"OMP_WAIT_POLICY": "passive"}
# NumPy's linear algebra takes all cores unless told otherwise, by whichever library it came with.
# Threads that are measured are those of a rung, not those.
BLAS_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
RUNG_THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# An empty file: pictures look the same whatever a user likes. It must be one that is there.
NO_SETTINGS = os.devnull

Kept = Mapping[str, str]


def of_cpp(kept: Kept) -> dict[str, str]:
    """What a program of ours gets, timed or asked; with what KEEP_ENV kept."""
    passed = {name: value for name, value in os.environ.items() if _is_of("passes", name)}
    return {**passed, **SET, **kept}


def of_python(kept: Kept, threads: int = 1, numba_cache: Path | None = None) -> dict[str, str]:
    """The same for an interpreter, which writes nothing into the sources; threads of a rung."""
    chosen = {**of_cpp(kept), "PYTHONDONTWRITEBYTECODE": "1"}
    if numba_cache:
        chosen["NUMBA_CACHE_DIR"] = str(numba_cache)
    chosen.update(dict.fromkeys(BLAS_THREADS, "1"))
    chosen.update(dict.fromkeys(RUNG_THREADS, str(threads)))
    return chosen


def of_tools(**more: str) -> dict[str, str]:
    """What lscpu, git or a browser gets: what this interpreter has itself."""
    return {**os.environ, **more}


def tidy() -> None:
    """Makes the environment of this interpreter, before it imports what reads it."""
    for name in _of_users():
        _taken[name] = os.environ.pop(name)
    os.environ["MATPLOTLIBRC"] = NO_SETTINGS


def kept(names: Iterable[str]) -> list[dict[str, str]]:
    """These settings as they stand in a run. Raises ValueError for what cannot be kept."""
    return [
        {"name": name, "value": _value(name), "does": _what_it_does(name)}
        for name in dict.fromkeys(names)
    ]


def values(kept: Iterable[Mapping[str, str]]) -> Kept:
    return {setting["name"]: setting["value"] for setting in kept}


def removed(but: Kept) -> list[str]:
    """Names of what a user has set and nothing gets: by what the scripts and this module say."""
    by_scripts = os.environ.get("REMOVED_ENV", "").split()
    return sorted(filter(NAME.fullmatch, {*by_scripts, *_taken, *_of_users()} - but.keys()))


# What this interpreter has taken out of its own environment.
_taken: dict[str, str] = {}


def _of_users() -> list[str]:
    return [
        name
        for name, value in os.environ.items()
        if (_is_of("removes", name) or _is_of("decides", name))
        and not _is_of("passes", name)
        and (name, value) != ("MATPLOTLIBRC", NO_SETTINGS)
    ]


def _value(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(
            f"KEEP_ENV takes names of variables of the environment, such as OMP_PLACES; "
            f"'{name}' is none"
        )
    if _is_of("decides", name):
        raise ValueError(f"KEEP_ENV names {name}, which the suite sets itself for every row")
    value = {**os.environ, **_taken}.get(name)
    if value is None:
        raise ValueError(f"KEEP_ENV names {name}, which is not set")
    if len(value) > LONGEST_VALUE or not value.isprintable():
        raise ValueError(f"KEEP_ENV names {name}, whose value is no line that a run can hold")
    return value


def _what_it_does(name: str) -> str:
    return next((does for word, does in _listed("removes") if _fits(name, word)), ANYTHING)


def _is_of(verb: str, name: str) -> bool:
    return any(_fits(name, word) for word, _ in _listed(verb))


def _fits(name: str, word: str) -> bool:
    return name.startswith(word[:-1]) if word.endswith("*") else name == word


@cache
def _listed(verb: str) -> list[tuple[str, str]]:
    """The words of the list behind this verb, each with what is said of it."""
    lines = [line.partition("|") for line in LIST.read_text(encoding="utf-8").splitlines()]
    return [
        (word, does.strip())
        for words, _, does in lines
        if words.startswith(f"{verb} ")
        for word in words.split()[1:]
    ]
