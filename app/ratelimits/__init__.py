"""Rate limits: how often one may call, counted in the database, so that every worker counts the same."""
