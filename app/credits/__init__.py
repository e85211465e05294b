"""Credits: a ledger that is only ever added to, and whose sum is what a user may still spend."""
