"""Every operation of the service, from its own OpenAPI document, and a request for each that fits it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from app.config.settings import load_settings
from app.main import create_app

DOCUMENT = create_app(load_settings({}, Path(__file__).parent)).openapi()
TIME = "2030-01-01T00:00:00Z"

# Bodies that can't be made from their schema alone, by (method, path).
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/v1/verification-tokens/consume"): {"identifier": "mallory@example.com", "token": "mallory"},
    ("PATCH", "/api/v1/users/{id}"): {"name": "Another"},
    ("PATCH", "/api/v1/subscriptions/{id}"): {"cancelAtPeriodEnd": True},
    ("PATCH", "/api/v1/invoices/{id}"): {"pdfUrl": "https://example.com/invoice.pdf"},
}
QUERIES: dict[tuple[str, str], dict[str, str]] = {
    ("DELETE", "/api/v1/verification-tokens"): {"identifier": "mallory@example.com"},
    ("DELETE", "/api/v1/rate-limits"): {"identifier": "user:eve"},
    ("GET", "/api/v1/usage-metrics/report"): {"by": "endpoint,user"},
}


class Operation(NamedTuple):
    """One verb of one route."""

    method: str
    path: str
    description: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes_user(self) -> bool:
        """Whether `?userId=` may name somebody else."""
        return any(p["name"] == "userId" for p in self.description.get("parameters", ()))

    @property
    def parameters_in_path(self) -> list[str]:
        return [p["name"] for p in self.description.get("parameters", ()) if p["in"] == "path"]

    def address(self, id: str) -> str:
        """Return the path with `id` for every parameter in it."""
        address = self.path
        for name in self.parameters_in_path:
            address = address.replace(f"{{{name}}}", id)
        return address

    def request(self, id: str) -> dict[str, Any]:
        """Return the arguments of a request that concerns the record `id`."""
        key = (self.method, self.path)
        request: dict[str, Any] = {"method": self.method, "url": self.address(id), "params": QUERIES.get(key, {})}
        if "requestBody" in self.description:
            schema = self.description["requestBody"]["content"]["application/json"]["schema"]
            request["json"] = BODIES[key] if key in BODIES else example(schema)
        return request


OPERATIONS = [
    Operation(method.upper(), path, description)
    for path, methods in DOCUMENT["paths"].items()
    for method, description in methods.items()
]
TENANT_OPERATIONS = [operation for operation in OPERATIONS if "security" in operation.description]


def example(schema: dict[str, Any], name: str = "") -> Any:
    """Return a value that fits a schema, with the properties that are required and those that a change may have."""
    if "$ref" in schema:
        return example(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], name)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        # A body without required properties is a change, and must change something.
        wanted = schema.get("required") or [key for key in properties if key != "role"]
        return {key: example(properties[key], key) for key in wanted}
    if schema.get("type") == "array":
        return [example(schema["items"], name)]
    return _scalar(schema, name)


def _scalar(schema: dict[str, Any], name: str) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("format") == "email":
        return f"{name}@example.org"
    if schema.get("format") == "date-time":
        return TIME
    kind = schema.get("type")
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return f"{name} of the request" if kind == "string" else {"changed": True}
