"""The peers: one module for each library, all doing the same workloads, and the hand-written HTTP applications."""
