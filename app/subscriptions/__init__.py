"""Subscriptions: which plan a user has, and what state it is in."""
