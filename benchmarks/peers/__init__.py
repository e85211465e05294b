"""The peers: one module for each library, all doing the same workloads."""
