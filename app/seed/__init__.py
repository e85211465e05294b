"""Example data: a small company's worth of it, and as many further users as one asks for."""
