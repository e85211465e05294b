"""Everything that waits. The synchronous client is to be made from this folder by a tool, so nothing else is in it."""
