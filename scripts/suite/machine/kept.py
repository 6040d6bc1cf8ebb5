"""The passport of a machine as a file, results/machines/<id>/passport.json."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..runs import documents, results
from ..runs.documents import Refused

KIND = FILE_STEM = "passport"
# What would tell whose machine it is, or where.
PERSONAL = {"name", "scheduler", "affinity", "shared_as"}
PATH = re.compile(r"~?(?:/[\w.+@-]+){2,}/?|\b[A-Za-z]:\\[^\s'\"]+|\\\\[^\s'\"]+")
OF_THE_SYSTEM = ("/proc/", "/sys/")  # the same everywhere; they say why a fact is unknown


class NotKept(Exception):
    """Nothing is kept that holds now; the text says why."""


def folder(machines: Path, name: str) -> Path:
    return machines / name


def file_of(machines: Path, name: str) -> Path:
    return folder(machines, name) / f"{FILE_STEM}.json"


def read(machines: Path, name: str) -> dict:
    """Raises Refused."""
    return documents.read(file_of(machines, name), KIND)


def write(machines: Path, name: str, document: dict) -> Path:
    """The file. What nobody could read back is refused before it is written."""
    documents.checked(document, KIND, "the passport of this machine")
    file = file_of(machines, name)
    results.write_json(file, document)
    return file


def noise(machines: Path, facts: dict, state: Iterable[str]) -> dict:
    """What the machine, held against itself, showed in the state that it is in. Raises NotKept."""
    try:
        before = read(machines, facts["name"])["machine"]
    except Refused:
        raise NotKept("not measured: `make noise` does") from None
    if "noise" not in before:
        raise NotKept("not measured: `make noise` does")
    if changed := [name for name in sorted(state) if before.get(name) != facts.get(name)]:
        raise NotKept(f"measured before {', '.join(changed)} changed: `make noise` does it again")
    return before["noise"]


def anonymous(machine: dict, name: str = "") -> dict:
    """The facts without host, user, paths, job and whatever else says whose machine it is."""
    facts = {fact: value for fact, value in machine.items() if fact not in PERSONAL}
    return {"name": name or anonymous_name(machine), **impersonal(facts, machine["name"])}


def anonymous_name(machine: dict) -> str:
    """amd-epyc-9b14_2-cores"""
    cpu = machine.get("cpu", {})
    model = re.sub(
        r"\(\w+\)|@.*|\b(cpu|processor)\b", " ", str(cpu.get("model", "machine")), flags=re.I
    )
    words = re.findall(r"[a-z0-9]+", model.lower())
    return ("-".join(words) or "machine")[:60] + f"_{cpu.get('usable_cores', 'some')}-cores"


def impersonal(value: Any, host: str) -> Any:
    """No text has a path, nor the host's name as a word: a flag of the compiler may name a folder,
    and so may a reason why a fact is unknown."""
    if isinstance(value, dict):
        return {name: impersonal(each, host) for name, each in value.items()}
    if isinstance(value, list):
        return [impersonal(each, host) for each in value]
    if not isinstance(value, str):
        return value
    text = PATH.sub(lambda path: path[0] if path[0].startswith(OF_THE_SYSTEM) else "(path)", value)
    return re.sub(rf"(?<![\w-]){re.escape(host)}(?![\w-])", "(host)", text)
