"""Guards: checks that refuse a request before any route sees it."""
