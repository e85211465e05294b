"""The synchronous client. Most of it is made from `_async` by tools/async_to_sync.py; `waiting` and `pools` are not."""
