"""Rate limits over HTTP: the counters of users, for ADMIN."""
