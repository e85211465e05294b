"""Renders the files of the generated package: a function for each, from the model and its names to text."""
