"""Idempotency: a POST with an Idempotency-Key is done once, even if it is sent several times."""
