"""Credits: a ledger whose entries never change, and whose sum is the amount that a user may still spend."""
