"""Measurements beside a run."""
