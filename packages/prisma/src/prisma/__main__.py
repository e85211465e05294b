"""`python -m prisma` is the `prisma` command."""

from prisma.cli import main

if __name__ == "__main__":
    main()
