"""A browser of the system that turns a page of ours into a PDF or a picture, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..machine import environment
from ..runs import results

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PATIENCE = 120.0  # seconds; a first start from a cold disk is slow


class NoPicture(Exception):
    """The browser made nothing: why, in a sentence."""


def why_not() -> str:
    """Empty when pages can be printed."""
    return "" if _found() else f"no browser was found: {NAMES[0]} makes PDF (apt install chromium)"


def print_pdf(page: Path, pdf: Path) -> None:
    """Each sheet as large as the page's own style sheet says. Raises NoPicture."""
    _make(page.resolve().as_uri(), pdf, "--no-pdf-header-footer", "--print-to-pdf={}")


def take_picture(url: str, png: Path, width: int, height: int, scale: float = 1.0) -> None:
    """What a window of so many pixels shows, `scale` times as fine. Raises NoPicture."""
    size = (f"--window-size={width},{height}", f"--force-device-scale-factor={scale}")
    _make(url, png, *size, "--hide-scrollbars", "--screenshot={}")


def _make(url: str, output: Path, *options: str) -> None:
    """Beside its place first, so that a browser that fails costs no file that was good."""
    browser = _found()
    if not browser:
        raise NoPicture(why_not())
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / output.name
        own = [f"--user-data-dir={folder}/profile", *(option.format(made) for option in options)]
        # As root it starts only without its sandbox; the page is ours.
        root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        try:
            ended = subprocess.run(
                [browser, *QUIET, *root, *own, url],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
                env=environment.of_tools(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoPicture(f"{browser} made no {output.suffix[1:]}: {error}") from error
        if not made.is_file():
            said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
            last = said[-1] if said else f"it ended with status {ended.returncode}"
            raise NoPicture(f"{browser} made no {output.suffix[1:]}: {last}")
        results.write_bytes(output, made.read_bytes())


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
