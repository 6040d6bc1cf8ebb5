"""Data that a page brings along for its reader to save."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json


def packed(text: str) -> str:
    """Compressed, as letters: tables of numbers are most of what a page would weigh."""
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def packed_table(text: str, **about: str) -> dict[str, str]:
    """The table of a CSV text in both forms to save."""
    columns, *rows = csv.reader(io.StringIO(text))
    told = {**about, "rows": [dict(zip(columns, row)) for row in rows]}
    return {"csv": packed(text), "json": packed(json.dumps(told, ensure_ascii=False))}
