"""The counters of the rate limits, for ADMIN."""
