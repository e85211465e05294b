"""The page of Prisma Studio, unchanged from the npm package `prisma`. `prisma studio` serves it.

Its licences are in `NOTICE` and `THIRD_PARTY.md`: Prisma's branding must stay visible and unaltered.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files

__all__ = ["SCRIPT", "STYLESHEET", "__version__", "read_asset"]

SCRIPT = "studio.js"
"""The page's module script: it fills the element `root` by the settings in `window.__STUDIO_CONFIG__`."""
STYLESHEET = "studio.css"

__version__: str = version("prisma-studio")
"""The version of Prisma that the page comes from."""


def read_asset(name: str) -> bytes:
    """Return the content of SCRIPT or STYLESHEET."""
    if name not in (SCRIPT, STYLESHEET):
        raise ValueError(f"Studio has no asset {name!r}.")
    return files(__name__).joinpath("page", name).read_bytes()
