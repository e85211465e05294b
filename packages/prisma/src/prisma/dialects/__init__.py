"""Dialects: what differs between databases in the SQL that the client itself writes, a module for each database."""
