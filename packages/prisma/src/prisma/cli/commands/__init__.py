"""The commands: a module for each, which is loaded when the command runs."""
