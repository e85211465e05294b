"""The request and response bodies for projects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from app.http.field_types import Name, Prose, StorableJson

SETTINGS = "Any JSON; null for none."


class ProjectCreate(BaseModel):
    """A new project."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Prose | None = None
    settings: StorableJson = Field(default=None, description=SETTINGS)
    isActive: bool = True


class ProjectUpdate(BaseModel):
    """Changes of a project; fields that are left out stay."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Prose | None = None
    settings: StorableJson = Field(default=None, description="Merged into what is there (RFC 7396); null removes it.")
    isActive: bool | None = None

    @model_validator(mode="after")
    def _something_valid(self) -> ProjectUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        for required in ("name", "isActive"):
            if required in self.model_fields_set and getattr(self, required) is None:
                raise ValueError(f"{required} can't be null.")
        return self


class ProjectShown(TypedDict, total=False):
    """A project; a field is there unless `fields` left it out."""

    id: str
    name: str
    description: str | None
    settings: Any
    isActive: bool
    createdAt: datetime
    updatedAt: datetime
