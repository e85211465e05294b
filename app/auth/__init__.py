"""Who calls: API keys, and sessions of the web application."""
