import copy
import subprocess
import sys

import pytest

from suite.pages import keep_reference
from suite.runs import results, studies, watched
from synthetic_run import two_examples
from words_of_charts import assert_words_are_apart

STUDY = {
    "example": "locator",
    "title": "Locating on finer grids",
    "x": "nodes of the grid",
    "per": "event",
    "setting": "Made up, 3 rounds",
    "binary_sha256": "00" * 32,
    "growth": {
        "fused: seconds": {
            "points": [[1e5, 1e-3], [1e6, 1e-2], [1e7, 1e-1]],
            "exponent": {"value": 1.0, "low": 0.98, "high": 1.02},
        },
        "search: seconds": {
            "points": [[1e7, 1.1e-1], [1e5, 1e-3]],
            "exponent": {"value": 1.02},
        },
        "search: seconds of search alone": {
            "points": [[1e5, 0.9e-3], [1e7, 0.9e-1]],
            "exponent": {"value": 1.0, "low": 0.9, "high": 1.1},
        },
        "search: nodes visited": {
            "points": [[1e5, 64], [1e7, 640]],
            "exponent": {"value": 0.5, "low": 0.4, "high": 0.6},
        },
    },
    "model": [
        {"rung": "fused", "case": {"n": n}, "fitted": n < 3, "predicted_seconds": 1.0,
         "measured_seconds": seconds}
        for n, seconds in ((1, 1.0), (2, 1.0), (3, 1.25), (4, 0.8))
    ],
}  # fmt: skip


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
    study = studies.read(STUDY, "here")
    assert [entry.off_text for entry in study.foretold] == ["-20 %", "+25 %"]
    assert "fitted on 2 small cases, foretells 2 larger ones" in study.accuracy_text
    assert "78 % accurate in the median, 75 % at worst" in study.accuracy_text


def test_a_run_without_a_study_has_none(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    assert studies.of_run(results.load(tmp_path)) is None


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda s: s.pop("growth"), "study.json: 'growth' is missing"),
        (lambda s: s.update(growth=[]), "not shaped like a study"),
        (lambda s: s.update(example="nothing"), "the run has no example called 'nothing'"),
        (lambda s: s["growth"]["fused: seconds"]["points"][0].pop(), "not shaped like a study"),
        (lambda s: s["growth"]["fused: seconds"].update(points=[[1, 0]]), "not positive"),
        (lambda s: s["model"][3].update(measured_seconds=0), "not a positive time"),
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
    other = studies.read({**STUDY, "binary_sha256": "11" * 32}, "here")
    assert other.doubt(run).startswith("Another build")


@pytest.mark.parametrize("narrow", [False, True])
def test_no_text_of_a_growth_chart_meets_another_or_leaves_the_figure(tmp_path, narrow):
    pytest.importorskip("matplotlib")
    from suite.charts import draw_study

    run = results.load(folder_with(tmp_path, STUDY))
    figure = draw_study.draw(run, studies.of_run(run), narrow=narrow)
    assert_words_are_apart(figure, "growth")


def test_the_report_shows_growth_and_predictions_of_a_study(tmp_path):
    pytest.importorskip("jinja2")
    from suite.pages import build_report

    html = build_report.build(folder_with(tmp_path, STUDY)).read_text(encoding="utf-8")
    for words in ("Locating on finer grids", "1.00 (0.98 to 1.02)", "+25 %", "75 % at worst"):
        assert words in html


def test_a_study_at_fault_costs_neither_report_nor_charts(tmp_path, monkeypatch, capsys):
    pytest.importorskip("jinja2")
    from suite.pages import build_report

    monkeypatch.setattr(build_report.draw_charts, "why_not", lambda: "not in this test")
    html = build_report.build(folder_with(tmp_path, {"example": "locator"})).read_text()
    assert "The study of this run could not be shown" in html
    assert "05 numpy_one_array" in html
    assert "is missing" in capsys.readouterr().err


def test_a_reference_keeps_its_study_and_what_was_watched(tmp_path, monkeypatch):
    folder = folder_with(tmp_path / "run", STUDY)
    results.write_json(folder / watched.FILE, {"example": "locator"})
    document = results.load(folder).document
    document["rows"] = [row for row in document["rows"] if row["status"] != "failed"]
    results.write_json(folder / "run.json", document)
    monkeypatch.setattr(keep_reference, "REFERENCES", tmp_path / "reference")
    monkeypatch.setattr(keep_reference.draw_charts, "draw_run", lambda folder: [])
    kept = keep_reference.keep(folder, "somewhere")
    assert results.load_document(kept / studies.FILE) == STUDY
    assert results.load_document(kept / watched.FILE) == {"example": "locator"}


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


def test_round_counts_on_the_axis_have_no_decimals():
    axes = pytest.importorskip("suite.charts.axes")
    ticks = axes.count_ticks(axes.LogAxis(5e4, 3e8, 1, 12), 0, 13)
    names = [name for _, _, name in ticks]
    assert {"1 million", "10 million", "100 million"} <= set(names)
    assert not any("." in name for name in names)
