"""Pages for browsers: the start page and the documentation of the API, without resources from other servers."""
