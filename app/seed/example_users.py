"""The users of the example data."""

from __future__ import annotations

from typing import NamedTuple


class ExampleUser(NamedTuple):
    """A person; `key` makes every id of theirs, `paid` tells whether they have a plan that costs something."""

    key: str
    name: str
    email: str
    role: str
    plan: str
    status: str
    country: str
    city: str
    projects: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"seed_{self.key}"

    @property
    def paid(self) -> bool:
        return self.plan != "FREE"


EXAMPLE_USERS = (
    ExampleUser(
        "ada", "Ada Okafor", "ada.okafor@example.com", "ADMIN", "ENTERPRISE", "ACTIVE", "NG", "Lagos",
        ("Support Copilot", "Contract Search", "Model Evaluation"),
    ),
    ExampleUser(
        "bruno", "Bruno Keller", "bruno.keller@example.com", "ADMIN", "ENTERPRISE", "ACTIVE", "CH", "Zürich",
        ("Billing Reconciliation",),
    ),
    ExampleUser(
        "chen", "Chen Yu-Ting", "chen.yuting@example.com", "ENTERPRISE", "ENTERPRISE", "ACTIVE", "TW", "Taipei",
        ("Product Catalogue Embeddings", "Storefront Chat"),
    ),
    ExampleUser(
        "dalia", "Dalia Haddad", "dalia.haddad@example.com", "ENTERPRISE", "ENTERPRISE", "PAST_DUE", "AE", "Dubai",
        ("Legal Archive",),
    ),
    ExampleUser(
        "emeka", "Emeka O'Brien", "emeka.obrien@example.com", "PREMIUM", "PRO", "ACTIVE", "IE", "Cork",
        ("Meeting Notes", "Sales Forecast"),
    ),
    ExampleUser(
        "fatima", "Fátima Sousa", "fatima.sousa@example.com", "PREMIUM", "PRO", "TRIALING", "PT", "Porto",
        ("Menu Translator",),
    ),
    ExampleUser(
        "goran", "Goran Petrović", "goran.petrovic@example.com", "PREMIUM", "PRO", "CANCELED", "RS", "Novi Sad",
        ("Log Triage",),
    ),
    ExampleUser(
        "hana", "Hana Suzuki", "hana.suzuki@example.com", "USER", "BASIC", "ACTIVE", "JP", "Sapporo",
        ("Recipe Finder", "Travel Diary"),
    ),
    ExampleUser(
        "iker", "Iker Etxeberria", "iker.etxeberria@example.com", "USER", "BASIC", "UNPAID", "ES", "Bilbao",
        ("Invoice Reader",),
    ),
    ExampleUser(
        "jolie", "Jolie Tremblay", "jolie.tremblay@example.com", "USER", "BASIC", "INCOMPLETE", "CA", "Québec",
        ("Podcast Summaries",),
    ),
    ExampleUser(
        "kofi", "Kofi Mensah", "kofi.mensah@example.com", "USER", "FREE", "ACTIVE", "GH", "Accra",
        ("Homework Helper",),
    ),
    ExampleUser("lena", "Lena Lindqvist", "lena.lindqvist@example.com", "USER", "FREE", "ACTIVE", "SE", "Umeå", ()),
)  # fmt: skip
