"""Admission control: one statement identifies the caller and decides whether the request may continue."""
