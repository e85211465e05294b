"""Authentication of callers: API keys, and sessions of the web application."""
