"""The one door for files that the scripts read back. What is too large, no strict JSON or of
another shape than its schema says is refused, in one sentence that names the file and the place in
it. Whoever gets a document from here trusts it.

A kind of document is named as its schema, results/<kind>.schema.json.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .quantities import size_text
from .words import printable

SCHEMAS = Path(__file__).resolve().parents[3] / "results"
MOST_BYTES = 64_000_000
MOST_VALUES = 4_000_000
MOST_CONTAINERS = 400_000  # an empty one takes thirty times the memory of its two characters
MOST_DIGITS = 40
LONGEST_QUOTE = 60

KINDS_OF_VALUE = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
# What a rule of a schema asks for, with the value that the schema gives it.
ASKED = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be above {}",
    "minLength": "must be a text of {} or more characters",
    "maxLength": "must be a text of at most {} characters",
    "minItems": "must be a list of {} or more",
    "maxItems": "must be a list of at most {}",
    "maxProperties": "must be an object of at most {} members",
    "const": "must be {}",
}


class Refused(ValueError):
    """A file that cannot be used: the text is one sentence of file, place and fault."""

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))


def read(file: Path, kind: str) -> Any:
    """The document in a file. Raises Refused."""
    return parsed(content(file), kind, str(file))


def read_raw(file: Path) -> Any:
    """A raw file of a run: the times of a process, or a list of its counts. Raises Refused."""
    told = strict_json(content(file), str(file))
    return checked(told, "counts" if isinstance(told, list) else "times", str(file))


def read_of_anyone(file: Path) -> tuple[str, Any]:
    """Times of ours or of a tool that we know, and what kind of file it is. Raises Refused."""
    told = strict_json(content(file), str(file))
    kind = _kind_of_times(told)
    if kind is None:
        known = "a run of the suite, a file of Google Benchmark or one of pyperf"
        raise Refused(f"{file}: is neither of these: {known}")
    return kind, checked(told, kind, str(file))


def _kind_of_times(told: Any) -> str | None:
    """By what only such a file has."""
    if not isinstance(told, dict):
        return None
    if "ladders" in told:
        return "run"
    if "context" in told:
        return "google_benchmark"
    return "pyperf" if "benchmarks" in told else None


def parsed(content: bytes, kind: str, source: str) -> Any:
    """The document in these bytes; `source` is what an error calls them. Raises Refused."""
    return checked(strict_json(content, source), kind, source)


def checked(document: Any, kind: str, source: str) -> Any:
    """The document itself, if it is of this kind. Raises Refused."""
    from fastjsonschema import JsonSchemaValueException

    _refuse_other_version(document, kind, source)
    try:
        _validator(kind)(document)
    except JsonSchemaValueException as error:
        raise Refused(f"{source}: {_complaint(error, document)}") from None
    except RecursionError:
        raise Refused(f"{source}: nested too deeply") from None
    return document


def strict_json(content: bytes, source: str) -> Any:
    """Without NaN, without infinities however they are spelt, no name twice in an object."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{source}: cannot be read: byte {error.start + 1} is no UTF-8") from None
    if text.count(",") > MOST_VALUES or text.count("{") + text.count("[") > MOST_CONTAINERS:
        raise Refused(f"{source}: holds more values than any file of the suite")
    try:
        document = json.loads(
            text,
            parse_float=_finite,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repetition,
        )
        # Half of a surrogate pair is no character: no file could be written with it.
        if "\\u" in text:
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(f"{source}: not strict JSON: a text holds half a character") from None
    except ValueError as error:
        raise Refused(f"{source}: not strict JSON: {error}") from None
    except RecursionError:
        raise Refused(f"{source}: nested too deeply") from None
    return document


def content(file: Path, name: str = "", most: int = MOST_BYTES, links: bool = True) -> bytes:
    """All of a file, unless it is too large; `name` is what an error calls it. Raises Refused."""
    name = name or str(file)
    # Without waiting, as for the writer of a pipe.
    how = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if links else os.O_NOFOLLOW)
    try:
        handle = os.open(file, how)
        try:
            size, read = _read(handle, name, most)
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{name}: there is no such file") from None
    except OSError as error:
        raise Refused(f"{name}: cannot be read: {error.strerror}") from None
    if size > most:
        told = f"is of {size_text(size)}, and no file of the suite is above {size_text(most)}"
        raise Refused(f"{name}: {told}")
    return read


def _read(handle: int, name: str, most: int) -> tuple[int, bytes]:
    """The size of a file, and its content, unless it is too large."""
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        kind = "a folder" if stat.S_ISDIR(about.st_mode) else "a device or a pipe"
        raise Refused(f"{name}: cannot be read: it is {kind}")
    if about.st_size > most:
        return about.st_size, b""
    with open(handle, "rb", closefd=False) as stream:
        read = stream.read(most + 1)
    return len(read), read


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{_shortened(text)} is beyond all numbers")
    return number


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _without_repetition(pairs: list[tuple[str, object]]) -> dict:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{_quoted(twice)} stands twice in one object")
    return members


def _refuse_other_version(document: Any, kind: str, source: str) -> None:
    """Before anything else is held against it: its shape may well be another one."""
    known = schema(kind).get("properties", {}).get("schema_version")
    told = document.get("schema_version") if isinstance(document, dict) else None
    if known and told is not None and told != known["const"]:
        raise Refused(
            f"{source}: schema_version is {_shown(told)}, these scripts read {known['const']}"
        )


@cache
def schema(kind: str) -> dict:
    """A schema that refers to nothing outside itself: those of a run serve all kinds."""
    text = (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")
    own = json.loads(text.replace('"run.schema.json#', '"#'))
    if kind != "run":
        own["$defs"] = {**schema("run")["$defs"], **own.get("$defs", {})}
    return own


@cache
def _validator(kind: str) -> Callable:
    import fastjsonschema

    return fastjsonschema.compile(json.loads(json.dumps(schema(kind))))


# What is wrong, in words


def _complaint(error: Any, document: Any) -> str:
    place = _place(document, error.name)
    asked = error.definition if isinstance(error.definition, dict) else {}
    within = f" in {place}" if place else ""
    if error.definition is False:
        return f"{place} must not be there"
    if error.rule == "required":
        missing = next(name for name in asked["required"] if name not in error.value)
        return f"{_quoted(missing)} is missing{within}"
    if error.rule == "additionalProperties":
        unknown = next(name for name in error.value if name not in asked["properties"])
        return f"{_quoted(unknown)} is not known{within}"
    return f"{place or 'the whole'} {_asked(error.rule, asked)}, but is {_shown(error.value)}"


def _asked(rule: str, asked: dict) -> str:
    if rule == "type":
        kinds = [asked["type"]] if isinstance(asked["type"], str) else asked["type"]
        return f"must be {' or '.join(KINDS_OF_VALUE[kind] for kind in kinds)}"
    if rule == "enum":
        return f"must be one of {', '.join(map(_shown, asked['enum']))}"
    if rule in ASKED:
        return ASKED[rule].format(_shown(asked[rule]))
    # Of the other rules no machine can say what they are for.
    return asked.get("$comment", f"must be this: {asked.get('description', 'nothing')}").rstrip(".")


def _place(document: Any, name: str) -> str:
    """'seconds' of entry 1 of 'samples', from data.samples[0].seconds"""
    return " of ".join(reversed([*_steps(document, name.partition("data")[2])]))


def _steps(value: Any, rest: str) -> Iterator[str]:
    """Names may hold any character: what the document has decides where one ends."""
    while rest:
        index = re.match(r"\[(\d+)\]", rest)
        if isinstance(value, list) and index:
            value, rest = value[int(index[1])], rest[index.end() :]
            yield f"entry {int(index[1]) + 1}{_called(value)}"
            continue
        names = value if isinstance(value, dict) else ()
        known = [n for n in names if re.match(re.escape(f".{n}") + r"(?=[.\[]|$)", rest)]
        if not known:
            return
        longest = max(known, key=len)
        yield _quoted(longest)
        value, rest = value[longest], rest[len(longest) + 1 :]


def _called(entry: Any) -> str:
    """What people call an entry of a list, where it has a name."""
    names = entry if isinstance(entry, dict) else {}
    for member in ("id", "name", "label", "rung"):
        if isinstance(names.get(member), str):
            return f" ({_shortened(names[member])})"
    return ""


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"an object of {len(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, float):
        return f"{value:g}"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return f"'{_shortened(text)}'"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
