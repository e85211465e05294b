"""Verification tokens: proof that somebody reads the mail of an address."""
