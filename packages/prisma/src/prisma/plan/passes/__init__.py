"""Passes: the changes that the client makes to the compiler's SQL and plans."""
