"""A storm: mixed operations while the server and the network fail around them, and a ledger of what they did."""
