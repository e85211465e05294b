"""Divides the models of a large schema into groups whose types check each other's relations in full.

A type checker follows every relation of a type before it can use the type. pyright does that by calls inside of calls
and comes to the end of its stack after about seventy models in a row, whatever is written; it also gives up on modules
of more than 30,720 steps. What mypy does grows with the square of the models that are reached. So the types of a group
are a module, and a relation that leads out of the group is checked by its form only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from prisma.schema.datamodel import Model

MODELS: Final = 40
FIELDS: Final = 1_200
"""What one group may have at most, where it has more than one model."""


def model_groups(models: Sequence[Model]) -> tuple[tuple[Model, ...], ...]:
    """Return the models in groups, each in the schema's order; all in one if they are few enough.

    Models that relations join stay together if that is possible; where it is not, groups are about equal, and as few
    relations as a simple search finds lead from one to another.
    """
    if _fits(models):
        return (tuple(models),)
    order = {model.name: place for place, model in enumerate(models)}
    links = _links(models)
    parts = [part for joined in _joined(models, links) for part in _parts(joined, links)]
    groups: list[list[Model]] = []
    for part in sorted(parts, key=len, reverse=True):
        group = next((group for group in groups if _fits([*group, *part])), None)
        if group is None:
            groups.append(part)
        else:
            group.extend(part)
    in_order = [tuple(sorted(group, key=lambda model: order[model.name])) for group in groups]
    return tuple(sorted(in_order, key=lambda group: order[group[0].name]))


def _fits(models: Sequence[Model]) -> bool:
    return len(models) <= 1 or (len(models) <= MODELS and sum(len(model.fields) for model in models) <= FIELDS)


def _links(models: Sequence[Model]) -> dict[str, Counter[str]]:
    """Return how many relations join each model with each other one."""
    links: dict[str, Counter[str]] = {model.name: Counter() for model in models}
    for model in models:
        for field in model.relations:
            if field.type != model.name:
                links[model.name][field.type] += 1
    return links


def _joined(models: Sequence[Model], links: Mapping[str, Counter[str]]) -> list[list[Model]]:
    """Return the models by what relations join, directly or through others."""
    by_name = {model.name: model for model in models}
    found: list[list[Model]] = []
    seen: set[str] = set()
    for model in models:
        if model.name in seen:
            continue
        seen.add(model.name)
        joined = [model]
        for each in joined:
            new = [name for name in links[each.name] if name not in seen]
            seen.update(new)
            joined += (by_name[name] for name in new)
        found.append(joined)
    return found


def _parts(models: list[Model], links: Mapping[str, Counter[str]]) -> list[list[Model]]:
    """Divide models that relations join into parts of about the same size."""
    count = 1
    while count < len(models):
        parts = _divided(models, links, count)
        if all(_fits(part) for part in parts):
            return parts
        count += 1
    return [[model] for model in models] if count > 1 else [models]


def _divided(models: list[Model], links: Mapping[str, Counter[str]], count: int) -> list[list[Model]]:
    """Return `count` parts: each begins at an edge and takes the model that most relations join with it."""
    left = {model.name: model for model in models}
    parts: list[list[Model]] = []
    for place in range(count):
        size = -(-len(left) // (count - place))
        # The model with the fewest links to others that are left; the first of those in the schema.
        name = min(left, key=lambda each: sum(links[each][other] for other in links[each] if other in left))
        near = Counter[str]()
        part: list[Model] = []
        while len(part) < size:
            part.append(left.pop(name))
            del near[name]
            near.update({other: number for other, number in links[name].items() if other in left})
            name = near.most_common(1)[0][0] if near else next(iter(left), "")
        parts.append(part)
    return parts
