"""Subscriptions: a user's plan, and its state."""
