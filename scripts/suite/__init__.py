"""From numbers to verdicts, charts and the report."""
