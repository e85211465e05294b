"""The language of the query compiler: plans as data."""
