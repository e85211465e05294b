"""Connections to MySQL and MariaDB for threads."""
