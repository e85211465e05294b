"""Usage metrics: what users' requests to the product took, and the sums of it."""
