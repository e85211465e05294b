"""The facts of the user's project that commands need: its database, migrations, settings and environment."""
