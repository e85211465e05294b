"""What the documentation's site has beside the pages of `docs/`: the version, changelogs, and cards for links to it.

MkDocs calls these functions; `hooks` of mkdocs.yml names this file. Nothing is fetched from other servers.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from posixpath import normpath, relpath
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.files import File
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parent.parent

CHANGELOGS: Final = {
    "changelog.md": "packages/prisma/CHANGELOG.md",
    "service/changelog.md": "CHANGELOG.md",
}
"""Pages of the site, and the files of the repository that they show."""

_LINK: Final = re.compile(r"\]\(([^):\s]+)\)")

SIZE: Final = (1200, 630)  # pixels, as the Open Graph protocol's readers crop least
_MARGIN: Final = 90
_COLOURS: Final = {"ground": "#263238", "title": "#ffffff", "rest": "#b0bec5"}
_TITLE: Final = 76
_REST: Final = 38


def on_config(config: MkDocsConfig) -> None:
    """Put the client's version below each page."""
    project = tomllib.loads((ROOT / "packages/prisma/pyproject.toml").read_text(encoding="utf-8"))["project"]
    config.copyright = f"Prisma Client for Python {project['version']}"


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the changelogs, whose place is elsewhere in the repository."""
    for page, source in CHANGELOGS.items():
        files.append(File.generated(config, page, content=_text(source, page)))


def _text(source: str, page: str) -> str:
    text = (ROOT / source).read_text(encoding="utf-8")
    return _LINK.sub(lambda link: _moved(link[1], source, page), text)


def _moved(target: str, source: str, page: str) -> str:
    """Return a link of a file as one of the page that shows it."""
    file = normpath(f"{source}/../{target}")
    shown = {shown: page for page, shown in CHANGELOGS.items()}.get(file, file.removeprefix("docs/"))
    return f"]({relpath(shown, normpath(f'{page}/..'))})"


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """Draw the page's card, if the site's address is known: a card is named by its whole address."""
    if not config.site_url:
        return
    card = f"assets/cards/{page.file.dest_uri.removesuffix('.html')}.png"
    file = Path(config.site_dir, card)
    file.parent.mkdir(parents=True, exist_ok=True)
    section = page.parent.title if page.parent is not None else None
    draw(str(page.title), section, config.site_name).save(file)
    context["card"] = f"{config.site_url.rstrip('/')}/{card}"


def draw(title: str, section: str | None, site: str) -> Image.Image:
    """Return the picture of a page: its section, its title, and the site's name."""
    image = Image.new("RGB", SIZE, _COLOURS["ground"])
    pen = ImageDraw.Draw(image)
    height = _MARGIN
    if section:
        pen.text((_MARGIN, height), section, _COLOURS["rest"], ImageFont.load_default(_REST))
    height += 2 * _REST
    font = ImageFont.load_default(_TITLE)
    for line in _lines(title, font):
        pen.text((_MARGIN, height), line, _COLOURS["title"], font)
        height += _TITLE * 5 // 4
    pen.text((_MARGIN, SIZE[1] - _MARGIN - _REST), site, _COLOURS["rest"], ImageFont.load_default(_REST))
    return image


def _lines(text: str, font: Any) -> Iterator[str]:
    """Break a text where its lines would leave the picture."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > SIZE[0] - 2 * _MARGIN:
            yield line
            longer = word
        line = longer
    yield line
