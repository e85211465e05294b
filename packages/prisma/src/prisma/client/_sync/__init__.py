"""The synchronous client. tools/async_to_sync.py makes it from `_async`, except `waiting` and `pools`."""
