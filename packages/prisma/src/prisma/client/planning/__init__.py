"""Planning: from a request to the program that answers it."""
