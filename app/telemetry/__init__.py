"""Telemetry: logs, metrics and traces of requests."""
