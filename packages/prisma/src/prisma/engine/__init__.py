"""The engine: runs plans without doing any I/O itself."""
