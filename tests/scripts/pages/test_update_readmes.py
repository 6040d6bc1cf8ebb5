"""What READMEs say of a reference run."""

from suite.pages import update_readmes
from suite.runs import results
from synthetic_run import SCRIPTS, two_examples


def lines_of(table: str, start: str) -> list[str]:
    return [line for line in table.splitlines() if line.startswith(start)]


def test_a_text_of_the_run_is_one_cell_and_no_tag():
    document = two_examples().document()
    document["ladders"][0]["title"] = "one | two <!-- end ladder --> " + SCRIPTS[0]
    document["ladders"][0]["rungs"][0]["caption"] = SCRIPTS[1] + " | more"
    run = results.read(document)
    rows = update_readmes.table([], update_readmes.example_rows(run))
    (line,) = lines_of(rows, "| [dummy_objects]")
    assert "one \\| two &lt;!-- end ladder --> &lt;script>" in line
    section = update_readmes.ladder_section(run, run.ladders[0], "results/reference/here")
    (line,) = lines_of(section, "| [05 ")
    assert line.count(" | ") == 2
    assert "<" not in line


def test_readme_has_the_words_that_the_report_has():
    text = (update_readmes.ROOT / "README.md").read_text(encoding="utf-8")
    told = update_readmes.glossary_section()
    assert update_readmes.with_section(text, "glossary", told) == text
    assert told in text
