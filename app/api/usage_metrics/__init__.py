"""Usage metrics: requests, tokens, embeddings and cost that users took, and sums of them."""
