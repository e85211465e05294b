"""Verification tokens: they prove that a user receives the mail of an address."""
