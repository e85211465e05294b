"""Rate limits: how many requests a caller may make, counted in the database for all workers together."""
