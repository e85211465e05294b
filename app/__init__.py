"""AINative Studio's database service: a thin HTTP layer on the client generated from `schema.prisma`."""

__version__ = "0.1.0"
