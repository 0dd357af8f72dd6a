"""Measurements: make bench-NAME prints one line per figure beside its floor of the same run."""
