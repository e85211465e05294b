"""The user's project, as commands need it: its schema, its database, its settings, and how a command fails."""
