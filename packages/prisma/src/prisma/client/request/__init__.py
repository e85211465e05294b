"""Requests: a call's arguments as the query compiler reads them, with the values taken out."""
