"""Admission: who calls, and whether the request may go on. One statement answers both."""
