"""Raw SQL: its texts, its parameters and its rows."""
