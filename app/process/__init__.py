"""The process of the service: its start, its server and its end."""
