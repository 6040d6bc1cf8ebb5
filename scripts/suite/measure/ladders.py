"""What the run tells about its examples: rungs with their sources, claims, order of the talk."""

from __future__ import annotations

import re
from pathlib import Path

from ..runs import claims

CASE_FIELDS = ("label", "parameters", "work")
# What a Python rung may state in a line of its docstring.
STATEMENTS = {
    "every_interpreter": "Interpreters: all that are found.",
    "other_process": "Process: another one does the work.",
    "own_process": "Process: needs one of its own.",
}
RUNG_FIELDS = ("name", "number", "file", "language", "caption", "threaded", "cases")


def described(catalogue: dict, project: Path, only: list[str] | None = None) -> list[dict]:
    """The ladders of the chosen examples in the order of the talk.

    Raises ValueError with one sentence if a file of an example cannot be read.
    """
    examples = [e for e in catalogue["examples"] if not only or e["name"] in only]
    order = talk_order(project)
    examples.sort(key=lambda e: (order.get(e["name"], len(order)), e["name"]))
    return [ladder(example, project) for example in examples]


def myths(told: list[dict], project: Path) -> list[dict]:
    """Of what these ladders are about, in their order. Raises ValueError for one without a text."""
    file = project / "slides" / "myths.json"
    named = list(dict.fromkeys(name for ladder in told for name in claims.about(ladder)))
    known = claims.myths(file) if named else {}
    for name in named:
        if name not in known:
            raise ValueError(f"{file}: there is no myth '{name}', which claims are about")
    return [known[name] for name in named]


def talk_order(project: Path) -> dict[str, int]:
    """The place of each example in the talk, by the links of its outline."""
    outline = project / "slides" / "outline.md"
    if not outline.is_file():
        return {}
    names = re.findall(r"\]\(\.\./src/([a-z0-9_]+)", outline.read_text(encoding="utf-8"))
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def ladder(example: dict, project: Path) -> dict:
    folder = project / "src" / example["name"]
    told = _claims(folder / "claims.json", example)
    return {
        "example": example["name"],
        "title": told["title"],
        "kind": told["kind"],
        "item": example["item"],
        "tolerance": example["tolerance"],
        "cases": [{name: case[name] for name in CASE_FIELDS} for case in example["cases"]],
        "rungs": [_rung(rung, project) for rung in example["rungs"]],
        "claims": told["claims"],
        **{
            name: told[name]
            for name in ("baseline", "myth", "sizes", "waterfall", "years")
            if name in told
        },
    }


def _rung(rung: dict, project: Path) -> dict:
    chosen = {name: rung[name] for name in RUNG_FIELDS}
    stated = {"bounds": rung["bounds"]} if "bounds" in rung else {}
    source = _text(project / rung["file"])
    if rung["language"] == "python":
        stated.update(_statements(source, rung["file"]))
    return {**chosen, **stated, "source": source}


def _statements(source: str, file: str) -> dict[str, bool]:
    """Raises ValueError for a line that is nearly one of them: it would be overlooked."""
    known: dict[str, list[str]] = {}  # by the word that they begin with
    for statement in STATEMENTS.values():
        known.setdefault(statement.partition(" ")[0], []).append(statement)
    lines = source.splitlines()
    for line in lines:
        may_be = known.get(line.partition(" ")[0], [])
        if may_be and line not in may_be:
            said = "' or '".join(may_be)
            raise ValueError(f"{file}: '{line}' is not understood; a rung says '{said}'")
    return {name: True for name, statement in STATEMENTS.items() if statement in lines}


def _claims(file: Path, example: dict) -> dict:
    """Checked now: a slip in a claim should not be found after minutes of measuring."""
    names = [rung["name"] for rung in example["rungs"]]
    parameters = {name for case in example["cases"] for name in case["parameters"]}
    return claims.load(file, names, parameters)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: cannot be read: {error}") from None
