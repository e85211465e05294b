"""Credits: a ledger whose entries never change. Their sum is the amount that a user may still spend."""
