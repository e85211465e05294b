"""Drivers: they translate statements, values and errors between the engine and a database library."""
