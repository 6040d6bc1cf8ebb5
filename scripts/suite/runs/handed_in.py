"""What strangers handed in: a folder or an archive of runs, read file by file.

Nothing is ever unpacked to a disk, no link is followed, and no name in an archive is a path. What
cannot be read is named with its reason, and the rest is read all the same.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath

from . import documents, results, studies, watched
from .documents import Refused
from .quantities import size_text
from .results import Run
from .words import printable

MOST_FILES = 1000
MOST_BYTES = 16_000_000  # of one run, and of one archive within another
MOST_BYTES_IN_ALL = 600_000_000
MOST_ENTRIES = 20_000  # of an archive, folders and whatever else lies there among them
DEEPEST_FOLDER = 6
DEEPEST_ARCHIVE = 2  # that of the class, and in it what each hands in
LONGEST_NAME = 200
# What a run has beside its run.json, and what is handed in with one.
BESIDE = {"charts", "exports", "raw", "slides", "plan.json", "report.html", "README.txt"} | {
    "start.json",
    studies.FILE,
    watched.FILE,
}
ENTRY = b"PK\x01\x02"  # what the list of an archive has before each of its entries
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    RuntimeError,  # of which NotImplementedError is one
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
)


Content = Callable[[], bytes]


@dataclass(frozen=True)
class Fault:
    """A file that is left out, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class HandedIn:
    """A run, and the name of the file that it was in."""

    name: str
    run: Run


@dataclass
class _Left:
    """How much more is read of all that was handed in."""

    files: int
    size: int
    told: bool = False  # that files are left out

    def out_of_files(self, name: str) -> Iterator[tuple[str, Content]]:
        """A fault, once."""
        if not self.told:
            self.told = True
            yield _refusal(name, f"is not read, nor is what follows: {MOST_FILES} files are")


def runs(place: Path) -> Iterator[HandedIn | Fault]:
    """Of a folder, an archive or a file, in the order of their names. Raises Refused if there is
    no such place."""
    if not place.exists():
        raise Refused(f"{place}: there is no such folder or file")
    left = _Left(MOST_FILES, MOST_BYTES_IN_ALL)
    found = _of_folder(place, "", left, 1) if place.is_dir() else _of_file(place, "", left, True)
    for name, content in found:
        try:
            yield HandedIn(printable(name), results.read(_document(content(), name), source=name))
        except Refused as refused:
            # The door says which file it is of, and so does whoever shows a fault.
            yield Fault(printable(name), str(refused).removeprefix(f"{printable(name)}: "))


def _document(content: bytes, name: str) -> dict:
    document = documents.strict_json(content, name)
    if not isinstance(document, dict) or "ladders" not in document:
        raise Refused(f"{name}: is no run of the suite")
    return document


# On a disk


def _of_folder(folder: Path, name: str, left: _Left, depth: int) -> Iterator[tuple[str, Content]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _refusal(name, f"cannot be read: {error.strerror}")
        return
    if not entries:
        yield _refusal(name or folder.name, "is a folder without a file")
    for entry in _of_one_run(entries, lambda entry: entry.name):
        own = _joined(name, entry.name)
        if not left.files:
            yield from left.out_of_files(own)
            return
        if entry.is_symlink():
            left.files -= 1
            yield _refusal(own, "is a link, and none is followed")
        elif not entry.is_dir():
            yield from _of_file(folder / entry.name, own, left)
        elif depth < DEEPEST_FOLDER:
            yield from _of_folder(folder / entry.name, own, left, depth + 1)
        else:
            yield _refusal(own, f"lies more than {DEEPEST_FOLDER} folders deep")


def _of_file(
    path: Path, name: str, left: _Left, the_whole: bool = False
) -> Iterator[tuple[str, Content]]:
    name = name or _joined("", path.name)
    left.files -= 1
    yield from _of_content(name, partial(_on_disk, path, name, left, the_whole), left, 1)


def _on_disk(path: Path, name: str, left: _Left, the_whole: bool) -> bytes:
    """What somebody named may be a link, and as large as a class."""
    most = documents.MOST_BYTES if the_whole else MOST_BYTES
    return _counted(documents.content(path, name, most, links=the_whole), name, left)


# In an archive


def _of_content(
    name: str, content: Content, left: _Left, depth: int
) -> Iterator[tuple[str, Content]]:
    """A run, or what is in an archive."""
    if name.lower().endswith(".json"):
        yield name, content
    elif not name.lower().endswith(".zip"):
        yield _refusal(name, "is neither a .json nor a .zip")
    elif depth > DEEPEST_ARCHIVE:
        yield _refusal(name, "is an archive within an archive within an archive")
    else:
        try:
            packed = content()
        except Refused as refused:
            yield name, partial(_refuse, refused)
        else:
            yield from _of_archive(packed, name, left, depth)


def _of_archive(
    content: bytes, name: str, left: _Left, depth: int
) -> Iterator[tuple[str, Content]]:
    if content.count(ENTRY) > MOST_ENTRIES:
        yield _refusal(name, f"is an archive of more than {MOST_ENTRIES} files")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except BROKEN:
        yield _refusal(name, "is no archive that can be read")
        return
    files = (entry for entry in archive.infolist() if not entry.filename.endswith("/"))
    entries = sorted(files, key=lambda entry: entry.filename)
    if not entries:
        yield _refusal(name, "is an archive without a file")
    for entry in _of_one_run(entries, lambda entry: entry.filename):
        own = _joined(name, entry.filename)
        if not left.files:
            yield from left.out_of_files(own)
            return
        left.files -= 1
        if why := _why_not(entry):
            yield _refusal(own, why)
        else:
            content_of = partial(_read, archive, entry, own, left)
            yield from _of_content(own, content_of, left, depth + 1)


def _why_not(entry: zipfile.ZipInfo) -> str:
    """Why an entry is not even opened; empty if it is."""
    if not entry.filename:
        return "has no name"
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or PureWindowsPath(entry.filename).drive:
        return "has a name that leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link, and none is followed"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in a way that is not read here"
    return _too_large(entry.file_size)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: _Left) -> bytes:
    """Never more than MOST_BYTES of it, whatever size it says it has. Raises Refused."""
    try:
        with archive.open(entry) as file:
            content = file.read(min(MOST_BYTES, left.size) + 1)
    except BROKEN:
        raise Refused(f"{name}: is damaged in its archive") from None
    content = _counted(content, name, left)
    if why := _too_large(len(content)):
        raise Refused(f"{name}: {why}")
    return content


# On both ways


def _of_one_run(entries: Iterable, name_of: Callable) -> list:
    """All but what lies beside a run.json and belongs to it."""
    every = list(entries)
    folders = {
        os.path.dirname(name_of(entry))
        for entry in every
        if os.path.basename(name_of(entry)) == results.FILE
    }
    return [entry for entry in every if not _belongs(name_of(entry), folders)]


def _belongs(name: str, folders: Container[str]) -> bool:
    """To a run of one of these folders, or in a folder of it."""
    holder, own = os.path.split(name)
    while own:
        if holder in folders and own in BESIDE:
            return True
        holder, own = os.path.split(holder)
    return False


def _counted(content: bytes, name: str, left: _Left) -> bytes:
    if len(content) > left.size:
        most = size_text(MOST_BYTES_IN_ALL)
        raise Refused(f"{name}: is not read, since all together are above {most}")
    left.size -= len(content)
    return content


def _too_large(size: int) -> str:
    if size <= MOST_BYTES:
        return ""
    return f"is of more than {size_text(MOST_BYTES)}, and no run is"


def _joined(folder: str, name: str) -> str:
    """A name to show and nothing else: of what no character can be made, a sign."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if len(text) > LONGEST_NAME:
        text = f"{text[:LONGEST_NAME]}…{os.path.splitext(text)[1][:8]}"
    return f"{folder}/{text}" if folder else text


def _refusal(name: str, why: str) -> tuple[str, Content]:
    return name, partial(_refuse, Refused(f"{name}: {why}"))


def _refuse(refused: Refused) -> bytes:
    raise refused
