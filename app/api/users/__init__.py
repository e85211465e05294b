"""Users of AINative Studio."""
