"""Connections for threads, made from `_async` by tools/async_to_sync.py."""
