"""`python -m prisma_cleanup [package]`."""

import sys

from prisma_cleanup import cleanup

if __name__ == "__main__":
    cleanup(*sys.argv[1:2])
