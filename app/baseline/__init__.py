"""Baselines: databases whose tables another application made, with a history of migrations that is not ours."""
