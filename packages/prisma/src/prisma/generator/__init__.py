"""Generates the files of a typed client from a schema, and offers the base classes of custom generators."""

from prisma.generator.custom_generator import (
    BaseGenerator,
    GenericGenerator,
    Manifest,
    cleanup_templates,
    render_template,
)
from prisma.generator.dmmf_models import AnyData, DefaultData, GenericData
from prisma.generator.pipeline import DEFAULT_OUTPUT, Result, generate
from prisma.schema.directive import parse_schema_dsl
from prisma.schema.files import find_schema

__all__ = [
    "DEFAULT_OUTPUT",
    "AnyData",
    "BaseGenerator",
    "DefaultData",
    "GenericData",
    "GenericGenerator",
    "Manifest",
    "Result",
    "cleanup_templates",
    "find_schema",
    "generate",
    "parse_schema_dsl",
    "render_template",
]
