"""PostgreSQL as the schema engine asks for it: connections that answer in text, and shadow databases.

Nothing is imported here, so that a command without a database loads no driver.
"""
