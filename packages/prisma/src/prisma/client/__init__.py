"""The runtime that generated clients stand on."""
