"""Names of a run as names of files, and the folders of a run that files may be written into."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from .documents import Refused

# What is part of a file's name as it is. A '-' stands before a value, a '_' between words: within
# a value neither leaves two names the same.
PLAIN = re.compile(r"[a-z0-9][a-z0-9_.]*(-[a-z0-9.]+)*")
RESERVED = re.compile(r"(aux|con|nul|prn|com\d|lpt\d)(\..*)?")  # by Windows
LONGEST = 120  # characters; endings and what makes a temporary name come on top of these


def file_name(*words: str) -> str:
    """One name for a file, without its ending: the words themselves where they are plain and short.

    Otherwise it is of what can stand in a name, and a digest tells it from others.
    """
    name = "_".join(words)
    plain = all(PLAIN.fullmatch(word) for word in words)
    if plain and len(name) <= LONGEST and not RESERVED.fullmatch(name):
        return name
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    readable = re.sub(r"[^a-z0-9_-]+", "-", name.lower()[:LONGEST]).strip("-_")
    return f"{readable or 'file'}-{digest}"


def inside(folder: Path, name: str) -> Path:
    """A folder in that of a run. Raises Refused if it is a link out of there, or no folder."""
    path = folder / name
    real = folder.resolve()
    if path.resolve() != real / name:
        raise Refused(f"{path}: is a link, and nothing is written where it leads")
    if path.exists() and not path.is_dir():
        raise Refused(f"{path}: is no folder, so nothing can be written into it")
    return path
