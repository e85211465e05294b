"""Plans of the query compiler as data: nodes, decoding, and the passes that change them."""
