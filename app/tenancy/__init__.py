"""Tenancy: each user sees only their own rows."""
