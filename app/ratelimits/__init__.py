"""Rate limits: how often a caller may call, counted in the database, so that all workers count together."""
