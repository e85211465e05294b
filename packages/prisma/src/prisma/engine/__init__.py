"""The engine: runs plans without I/O; it asks its caller for every statement, time and random number."""
