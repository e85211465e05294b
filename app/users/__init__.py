"""Users from the command line: the first ADMIN, and addresses that clash."""
