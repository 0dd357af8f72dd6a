"""What the OpenAPI description says of every door alike: the shape of errors, and when they come."""

ERROR = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "What is wrong, in words for people."},
        "errors": {
            "type": "object",
            "description": "The same by field; non_field_errors for the whole.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "example": {"detail": "请检查填写的内容。", "errors": {"place": ["必须指定该参数。"]}},
}
EVERYWHERE = {
    "400": "A parameter or a body that is not possible.",
    "401": "Not signed in, or the token is not valid.",
    "403": "The post, or the token, does not allow this.",
    "404": "No such row, or none of one's own.",
    "429": "Too many requests; Retry-After says for how many seconds.",
    "503": "Too slow or not to be reached just now; try again.",
}
WRITING = {
    "409": "The wrong moment for this.",
    "415": "Bodies are JSON.",
    "422": "An Idempotency-Key that was used for something else.",
}
RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
METHODS = {"get", "post", "put", "patch", "delete"}


def add_errors(result, generator, request, public):
    """A hook of drf-spectacular: the errors of ``api.exception_handler`` in every operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                _add(method, operation)
    return result


def _add(method, operation):
    answers = operation["responses"]
    told = EVERYWHERE if method == "get" else {**EVERYWHERE, **WRITING}
    for status, about in told.items():
        answer = answers.setdefault(status, {"description": about})
        answer.setdefault("content", {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}})
        if status in ("429", "503"):
            answer["headers"] = RETRY
    named = {(one["in"], one["name"]) for one in operation.get("parameters", [])}
    if ("header", "If-None-Match") in named:
        answers.setdefault("304", {"description": "Nothing has changed."})
