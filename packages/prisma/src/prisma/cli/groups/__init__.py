"""Groups of commands: names, options and help."""
