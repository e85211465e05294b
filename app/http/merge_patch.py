"""The merge of JSON documents (RFC 7396): members merge, null removes a member, other values replace."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from app.http.field_types import MAX_DOCUMENT, document_size
from app.http.problems import FieldProblem, ProblemError


class DocumentTooLargeError(ProblemError):
    """422: the merged document would have too many bytes."""

    def __init__(self, field: str) -> None:
        message = f"The merged document would have more than {MAX_DOCUMENT} bytes."
        super().__init__(
            HTTPStatus.UNPROCESSABLE_ENTITY, "document_too_large", message, [FieldProblem(field=field, message=message)]
        )


def merged_document(target: Any, patch: Any, field: str) -> Any:
    """Return a stored document with `patch` merged into it; `field` is the member of the body that holds the patch.

    Raises:
        DocumentTooLargeError: it would have more than MAX_DOCUMENT bytes, and not fewer than before.
    """
    result = merged(target, patch)
    size = document_size(result)
    # The stored document may be larger, because the TypeScript application has no limit; it may shrink.
    if size > MAX_DOCUMENT and size >= document_size(target):
        raise DocumentTooLargeError(field)
    return result


def merged(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged into it; neither is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
