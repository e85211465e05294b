"""Projects: what users work on."""
