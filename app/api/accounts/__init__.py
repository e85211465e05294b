"""Accounts: sign-ins at OAuth providers."""
