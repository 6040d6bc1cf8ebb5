import copy
import subprocess
import sys

import pytest

from study_run import STUDY
from suite.pages import keep_reference
from suite.runs import documents, results, studies, watched
from synthetic_run import two_examples
from watched_run import WATCHED


def folder_with(tmp_path, study):
    results.write_json(tmp_path / "run.json", two_examples().document())
    results.write_json(tmp_path / studies.FILE, study)
    return tmp_path


def test_a_study_is_read_with_the_labels_of_its_ladder(tmp_path):
    study = studies.of_run(results.load(folder_with(tmp_path, STUDY)))
    assert [series.label for series in study.charted] == [
        "60 fused: seconds",
        "80 search: seconds",
        "80 search: seconds of search alone",
    ]
    assert [x for x, _ in study.charted[1].points] == [1e5, 1e7]
    assert study.charted[0].exponent_text == "1.00 (0.98 to 1.02)"
    assert study.charted[1].exponent_text == "1.02 (too few points for an interval)"


def test_only_cases_that_the_model_was_not_fitted_on_are_predictions():
    study = studies.study_of(STUDY, {})
    assert [entry.off_text for entry in study.foretold] == ["-20 %", "+25 %"]
    assert "fitted on 2 small cases, foretells 2 larger ones" in study.accuracy_text
    assert "78 % accurate in the median, 75 % at worst" in study.accuracy_text


def test_a_run_without_a_study_has_none(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    assert studies.of_run(results.load(tmp_path)) is None


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda s: s.pop("growth"), "'growth' is missing"),
        (lambda s: s.update(growth=[]), "'growth' must be an object, but is a list of 0"),
        (lambda s: s.update(example="nothing"), "the run has no example called 'nothing'"),
        (lambda s: s["growth"]["fused: seconds"]["points"][0].pop(), "of 'points' of"),
        (
            lambda s: s["growth"]["fused: seconds"].update(points=[[1, 0]]),
            "must be at least 1e-15, but is 0",
        ),
        (lambda s: s["model"][3].update(measured_seconds=0), "'measured_seconds' of entry 4"),
    ],
)
def test_what_is_wrong_with_a_study_is_one_sentence(tmp_path, spoil, complaint):
    study = copy.deepcopy(STUDY)
    spoil(study)
    with pytest.raises(ValueError, match=r"study\.json: ") as caught:
        studies.of_run(results.load(folder_with(tmp_path, study)))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_study_of_another_program_is_doubted(tmp_path):
    run = results.load(folder_with(tmp_path, STUDY))
    assert studies.of_run(run).doubt(run) == ""
    other = studies.study_of({**STUDY, "binary_sha256": "11" * 32}, {})
    assert other.doubt(run).startswith("Another build")


def test_the_report_shows_growth_and_predictions_of_a_study(tmp_path):
    pytest.importorskip("jinja2")
    from suite.pages import build_report

    html = build_report.build(folder_with(tmp_path, STUDY)).read_text(encoding="utf-8")
    for words in ("Locating on finer grids", "1.00 (0.98 to 1.02)", "+25 %", "75 % at worst"):
        assert words in html


def test_a_study_at_fault_costs_neither_report_nor_charts(tmp_path, monkeypatch, capsys):
    pytest.importorskip("jinja2")
    from suite.pages import build_report

    monkeypatch.setattr(build_report.charts, "why_not", lambda: "not in this test")
    html = build_report.build(folder_with(tmp_path, {"example": "locator"})).read_text()
    assert "The study of this run could not be shown" in html
    assert "05 numpy_one_array" in html
    assert "is missing" in capsys.readouterr().err


def test_a_reference_keeps_its_study_and_what_was_watched(tmp_path, monkeypatch):
    folder = folder_with(tmp_path / "run", STUDY)
    results.write_json(folder / watched.FILE, {**WATCHED, "example": "locator"})
    document = results.load(folder).document
    document["rows"] = [row for row in document["rows"] if row["status"] != "failed"]
    results.write_json(folder / "run.json", document)
    monkeypatch.setattr(keep_reference, "REFERENCES", tmp_path / "reference")
    kept = keep_reference.keep(folder, "somewhere")
    assert documents.read(kept / studies.FILE, "study") == STUDY
    assert documents.read(kept / watched.FILE, "threads") == {**WATCHED, "example": "locator"}


def test_a_run_is_found_for_a_shell_or_refused_in_one_line(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    suite = results.PROJECT / "scripts" / "suite"
    for name, status in ((tmp_path, 0), (tmp_path / "nowhere", 2)):
        done = subprocess.run(
            [sys.executable, str(suite), "where", str(name)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status
        assert (done.stdout + done.stderr).count("\n") == 1
