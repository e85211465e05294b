"""The commands: one module for each, loaded when the command runs."""
