"""Sessions: browsers that are signed in at the web application."""
