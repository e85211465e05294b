"""Guards: what is refused before any route sees it."""
