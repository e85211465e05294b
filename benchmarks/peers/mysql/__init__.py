"""Peers on MySQL and MariaDB, each in the style of its documentation; the place that they open is a URL."""
