"""The atlas in a real browser: it filters, fits on a phone, and can be read without scripts."""

import pytest

pytest.importorskip("jinja2", reason="jinja2 is not installed")

from suite.pages import atlas


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return atlas.write(tmp_path_factory.mktemp("atlas") / "atlas.html")


def shown(page):
    return page.evaluate(
        "[...document.querySelectorAll('.tool')].filter(t => t.checkVisibility()).length"
    )


def test_filters_leave_what_fits(browser, file):
    page = browser.new_page()
    page.goto(file.as_uri())
    tools = atlas.read()["tools"]
    assert shown(page) == len(tools)
    page.select_option("select[name=state]", "active")
    assert shown(page) == sum(tool["state"] == "active" for tool in tools)
    page.select_option("select[name=paradigm]", "messages")
    active = [
        t
        for t in tools
        if t["state"] == "active" and "MsgPsg" in t.get("talk", {}).get("paradigm", "")
    ]
    assert shown(page) == len(active)
    page.fill("input[name=words]", active[0]["name"])
    assert shown(page) == 1
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_reaches_beyond_the_page(browser, file, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_without_scripts_all_tools_are_there_and_no_filter(browser, file):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".tool").count() == len(atlas.read()["tools"])
    assert not page.locator("#filters").is_visible()
    context.close()
