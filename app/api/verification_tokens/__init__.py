"""Verification tokens, which prove that a user receives the mail of an address."""
