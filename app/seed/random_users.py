"""Any number of made-up users, the same at every run."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from app.seed.example_users import ExampleUser

_GIVEN = ("Amir", "Bea", "Carlos", "Devi", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Luca", "Mei")
_FAMILY = ("Abe", "Brandt", "Costa", "Diallo", "Eriksen", "Fontaine", "Garcia", "Huang", "Ivanova", "Joshi", "Kim")
_PLACES = (("DE", "Leipzig"), ("FR", "Lyon"), ("IN", "Pune"), ("BR", "Recife"), ("US", "Tucson"), ("KR", "Busan"))
_PLANS = (("FREE", "USER"), ("FREE", "USER"), ("BASIC", "USER"), ("PRO", "PREMIUM"), ("ENTERPRISE", "ENTERPRISE"))


def random_users(numbers: Iterable[int]) -> list[ExampleUser]:
    """Return the people with these numbers."""
    return [_person(number) for number in numbers]


def _person(number: int) -> ExampleUser:
    random = Random(number)  # noqa: S311 the same people each time are the point
    country, city = random.choice(_PLACES)
    plan, role = random.choice(_PLANS)
    key = f"crowd{number:06d}"
    return ExampleUser(
        key=key,
        name=f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}",
        email=f"{key}@example.com",
        role=role,
        plan=plan,
        status="ACTIVE",
        country=country,
        city=city,
        projects=("First project",),
    )
