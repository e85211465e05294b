"""Usage metrics: the requests, tokens, embeddings and costs of users, and sums of them."""
