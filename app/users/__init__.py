"""Users: who works with AINative Studio."""
