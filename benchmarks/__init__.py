"""Measurements of the client against the drivers it stands on, as ratios within one run."""
