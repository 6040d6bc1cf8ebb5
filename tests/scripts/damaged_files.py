"""Files as nobody should have written them, made from sound ones by a seed.

`damaged(...)` gives names and contents; `odd_files(...)` what is no file that can be read at all.
"""

from __future__ import annotations

import json
import operator
import os
import random
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

OTHER_VALUES = [None, True, "text", "", [], {}, -1, 0, 1e29, [[1]], {"a": {"b": 1}}, 0.5]
STRANGE_NAMES = [
    "../../../evil",
    "/etc/evil",
    "a/b",
    "..",
    ".",
    "",
    "nul",
    "a\0b",
    "x" * 300,
    "ünïcode",
    "GIL",
    "a\nb",
    "{name}",
    "data[0].x",
]
STRANGE_NUMBERS = ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "9" * 5000, "5e-324", "-0.5"]
LEVELS = 100_000


def places(value, path: tuple = ()) -> Iterator[tuple]:
    """The paths of all that a document holds."""
    yield path
    members = value.items() if isinstance(value, dict) else ()
    entries = enumerate(value) if isinstance(value, list) else ()
    for key, member in [*members, *entries]:
        yield from places(member, (*path, key))


def at(document, path: tuple):
    for key in path:
        document = document[key]
    return document


def with_changed(document, path: tuple, change: Callable):
    """A copy in which the holder of a place was changed."""
    copy = json.loads(json.dumps(document))
    change(at(copy, path[:-1]), path[-1])
    return copy


class Damage:
    """All that is done to one document; every method gives one content."""

    def __init__(self, document, seed: int) -> None:
        self.document = document
        self.text = json.dumps(document, indent=1, ensure_ascii=False)
        self.random = random.Random(seed)
        self.places = [path for path in places(document) if path]

    def place(self, *kinds: type) -> tuple:
        """Some place of a value of these kinds, of any kind where there is none of them."""
        fitting = [p for p in self.places if type(at(self.document, p)) in kinds]
        return self.random.choice(fitting or self.places)

    def spelt(self, path: tuple, spelling: str) -> bytes:
        """With this in place of a value, though no JSON writer would write it."""
        mark = "a place of its own"
        marked = with_changed(self.document, path, lambda h, key: operator.setitem(h, key, mark))
        return json.dumps(marked).replace(json.dumps(mark), spelling).encode()

    def replaced(self, path: tuple, value) -> bytes:
        return self.spelt(path, json.dumps(value))

    # One kind of damage each

    def cut_off(self) -> bytes:
        return self.text.encode()[: self.random.randrange(1, len(self.text) - 1)]

    def of_another_type(self) -> bytes:
        return self.replaced(self.random.choice(self.places), self.random.choice(OTHER_VALUES))

    def without_a_member(self) -> bytes:
        members = [path for path in self.places if isinstance(path[-1], str)]
        removed = self.random.choice(members or self.places)
        return json.dumps(with_changed(self.document, removed, lambda h, k: h.pop(k))).encode()

    def with_a_strange_number(self) -> bytes:
        return self.spelt(self.place(int, float), self.random.choice(STRANGE_NUMBERS))

    def with_a_negative_number(self) -> bytes:
        path = self.place(int, float)
        value = at(self.document, path)
        return self.replaced(path, -abs(value) - 1 if isinstance(value, (int, float)) else -1)

    def with_a_whole_number_as_any(self) -> bytes:
        path = self.place(int)
        value = at(self.document, path)
        return self.spelt(path, f"{value}.0" if isinstance(value, int) else "1.0")

    def with_a_strange_name(self) -> bytes:
        """In all places that hold one text, as somebody would who wants it to look sound."""
        name = at(self.document, self.place(str))
        strange = json.dumps(self.random.choice(STRANGE_NAMES))
        return self.text.replace(json.dumps(name, ensure_ascii=False), strange).encode()

    def with_a_long_text(self) -> bytes:
        return self.replaced(self.place(str), self.random.choice(["x", "a word "]) * 1_000_000)

    def with_a_member_twice(self) -> bytes:
        path = self.place(dict)
        holder = at(self.document, path)
        if not isinstance(holder, dict) or not holder:
            path, holder = (), self.document
        name = json.dumps(self.random.choice([*holder]) if isinstance(holder, dict) else "a")
        twice = f"{{{name}: 1, {name}: 1}}"
        return self.spelt(path, twice) if path else twice.encode()

    def with_an_unknown_member(self) -> bytes:
        path = self.place(dict)
        holder = at(self.document, path)
        return self.replaced(path, {**holder, "{x}.y": 1} if isinstance(holder, dict) else {"x": 1})

    def nested(self) -> bytes:
        opening, closing = self.random.choice([("[", "]"), ('{"a":', "}")])
        return self.spelt(
            self.random.choice(self.places), opening * LEVELS + "1" + closing * LEVELS
        )

    def nested_a_little(self) -> bytes:
        return self.spelt(self.random.choice(self.places), "[" * 300 + "]" * 300)

    def with_half_a_character(self) -> bytes:
        return self.spelt(self.place(str), '"\\ud800"')

    def in_another_encoding(self) -> bytes:
        encoding = self.random.choice(["utf-16", "utf-8-sig", "cp500", "utf-32"])
        return self.text.encode(encoding, "replace")

    def with_a_byte_that_is_no_text(self) -> bytes:
        content = self.text.encode()
        there = self.random.randrange(len(content))
        return content[:there] + b"\xff" + content[there:]

    def with_a_longer_list(self) -> bytes:
        path = self.place(list)
        held = at(self.document, path)
        return self.replaced(path, (held if isinstance(held, list) and held else [{}]) * 12_000)


KINDS = [name for name in vars(Damage) if name not in ("place", "spelt", "replaced")]
KINDS = [name for name in KINDS if not name.startswith("_")]

WHOLE_CONTENTS = {
    "empty": b"",
    "blank": b" \n",
    "null": b"null",
    "a list": b"[]",
    "a number": b"3",
    "an empty object": b"{}",
    "a million objects": b"[" + b"{}," * 999_999 + b"{}]",
    "a million rows": b'{"schema_version": 1, "rows": [' + b"{}," * 999_999 + b"{}]}",
    "millions of numbers": b"[" + b"1.5," * 5_000_000 + b"1]",
}


def damaged(document, seed: int, each: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents: so many of each kind."""
    damage = Damage(document, seed)
    for kind in KINDS:
        for number in range(each):
            yield f"{kind} {number}", getattr(damage, kind)()


def _of_ten_gigabytes(file: Path) -> None:
    with open(file, "wb") as stream:
        stream.truncate(10**10)


def _locked(file: Path) -> None:
    file.write_text("{}")
    file.chmod(0)


ODD_FILES: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "ten gigabytes": _of_ten_gigabytes,
    "a link to nowhere": lambda file: file.symlink_to("nowhere"),
    "a link to itself": lambda file: file.symlink_to(file.name),
    "a link to a device": lambda file: file.symlink_to("/dev/zero"),
    "a link to what cannot be read": lambda file: file.symlink_to("/proc/self/mem"),
    # Root reads everything.
    **({} if os.geteuid() == 0 else {"locked": _locked}),
}


def listing(folder: Path) -> dict[str, tuple]:
    """All that lies in a folder, and when it was written; of a folder only that it is there."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        written = () if stat.S_ISDIR(about.st_mode) else (about.st_size, about.st_mtime_ns)
        found[str(path.relative_to(folder))] = (about.st_mode, *written)
    return found
