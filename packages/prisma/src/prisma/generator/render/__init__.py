"""Rendering: for each file of the generated package a function from the model and its names to text."""
