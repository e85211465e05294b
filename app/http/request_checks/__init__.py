"""Checks that refuse a request before its route runs."""
