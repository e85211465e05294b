"""Shapes: classes of a program's own that say which fields of a record to read, and that hold them."""
