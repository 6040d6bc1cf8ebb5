"""How a template becomes a page: one way for all pages. Needs Jinja2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).with_name("templates")


def why_not() -> str:
    """Empty when pages can be made."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        return "jinja2 is not installed (python3 -m pip install jinja2)"
    return ""


def rendered(template: str, **page: Any) -> str:
    """What a run says is text: nothing of it becomes markup unless the template says so."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: (name or "").endswith(".html.j2"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(page)
