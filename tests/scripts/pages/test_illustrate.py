"""Charts and report of a run that was just measured: one costs the other nothing."""

from __future__ import annotations

import pytest

from suite.pages import illustrate
from suite.pages.illustrate import Undrawn


def test_both_are_written_and_a_part_that_fails_is_said(tmp_path, monkeypatch):
    def fail(folder):
        raise RuntimeError("latex could not\nbe found")

    written = []
    for failing in illustrate.PARTS:
        parts = dict.fromkeys(illustrate.PARTS, written.append)
        monkeypatch.setattr(illustrate, "PARTS", {**parts, failing: fail})
        with pytest.raises(Undrawn) as said:
            illustrate.illustrate(tmp_path)
        assert str(said.value) == (
            f"the {failing} could not be written: RuntimeError('latex could not\\nbe found')"
        )
    assert written == [tmp_path, tmp_path]
