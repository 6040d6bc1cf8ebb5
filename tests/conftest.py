from __future__ import annotations


def pytest_terminal_summary(terminalreporter):
    """What tests sum up with record_property("summary", line), also when they run side by side."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.when == "call":
            for name, line in report.user_properties:
                if name == "summary":
                    terminalreporter.write_line(line)
