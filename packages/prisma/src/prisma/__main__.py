"""`python -m prisma` is the `prisma` command."""

from prisma.cli import program

if __name__ == "__main__":
    program()
