"""The words of the project, each in a sentence: glossary.json, shown in the report and README."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")


def glossary() -> list[tuple[str, str]]:
    return [(word, meaning) for word, meaning in json.loads(FILE.read_text(encoding="utf-8"))]
