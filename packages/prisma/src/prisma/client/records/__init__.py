"""Records: the classes of results, and how rows fill them."""
