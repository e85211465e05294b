"""Pools and the protocols of drivers for threads. A tool makes them from `_async`, except `pool`."""
