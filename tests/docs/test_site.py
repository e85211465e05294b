"""The site: what `tools/site.py` adds to the pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = "https://docs.example.org/"
CARD = re.compile(r'<meta property="og:image" content="([^"]*)">')
LINK = re.compile(r'<a href="([^"#]*porting\.html|[^"#]*changelog\.html)">([^<]*)</a>')


def test_a_published_page_has_a_card_and_links_of_the_changelogs_lead_to_pages(tmp_path: Path) -> None:
    environment = {**os.environ, "SITE_URL": ADDRESS, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    pages = [page for page in sorted(tmp_path.rglob("*.html")) if page.name != "404.html"]
    cards = [tmp_path / card.removeprefix(ADDRESS) for page in pages for card in CARD.findall(page.read_text("utf-8"))]
    sizes: set[tuple[int, int]] = set()
    for card in cards:
        with Image.open(card) as image:
            sizes.add(image.size)
    links = {
        name: set(LINK.findall((tmp_path / name).read_text("utf-8").partition("<article")[2]))
        for name in ("changelog.html", "service/changelog.html")
    }
    assert (len(cards), len(set(cards)), sizes, links) == (
        len(pages),
        len(pages),
        {(1200, 630)},
        {
            "changelog.html": {("porting.html", "What differs"), ("service/changelog.html", "its own changelog")},
            "service/changelog.html": {("../changelog.html", "its own changelog")},
        },
    )
