"""The HTTP API: a folder for each kind of record, with its routes, its queries and its bodies."""
