"""Projects of users, with their settings."""
