"""Telemetry: events, spans and metrics about the work of a client."""
