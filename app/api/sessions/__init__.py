"""Sessions of browsers that are signed in at the web application."""
