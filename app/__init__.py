"""AINative Studio's database service: a thin HTTP layer on the client generated from `schema.prisma`."""

__version__ = "1.0.0.dev0"
