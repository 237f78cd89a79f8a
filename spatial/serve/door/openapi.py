"""The OpenAPI document: pygeoapi's, made true and usable for QGIS."""

from typing import Any

from pygeoapi.openapi import OPENAPI_YAML, get_oas

from spatial.serve.query import Limits

_PATHS = ("/", "/openapi", "/conformance", "/collections")


def limits_of(config: dict[str, Any]) -> Limits:
    """Return the page sizes of a pygeoapi configuration."""
    limits = config["server"]["limits"]
    return Limits(limits["default_items"], limits["max_items"])


def openapi_document(config: dict[str, Any]) -> dict[str, Any]:
    """Make the OpenAPI document of a pygeoapi configuration; reads catalogues, no features.

    Beyond pygeoapi's: ``components.parameters.limit`` (QGIS takes its page size from there), no
    operations that are not offered (CQL2 by POST, processes, STAC), no free parameters, and property
    parameters without their description.
    """
    document: dict[str, Any] = get_oas(config)
    limits = limits_of(config)
    document["components"]["parameters"]["limit"] = _limit(limits)
    document["paths"] = {
        path: operations
        for path, operations in document["paths"].items()
        if path in _PATHS or path.startswith("/collections/")
    }
    answers = f"{OPENAPI_YAML['oapif-1']}#/components/responses"
    for path, name in (("/conformance", "ConformanceDeclaration"), ("/collections", "Collections")):
        document["paths"][path]["get"]["responses"]["200"] = {"$ref": f"{answers}/{name}"}
    for path, operations in document["paths"].items():
        operations.pop("post", None)
        if path.endswith("/items"):
            _complete_items(operations["get"])
    return document


def _limit(limits: Limits) -> dict[str, Any]:
    return {
        "name": "limit",
        "in": "query",
        "description": "Aantal features op een pagina.",
        "required": False,
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": limits.maximum,
            "default": limits.default,
        },
        "style": "form",
        "explode": False,
    }


def _complete_items(operation: dict[str, Any]) -> None:
    kept = []
    for parameter in operation["parameters"]:
        if str(parameter.get("$ref", "")).endswith("/vendorSpecificParameters"):
            continue
        if parameter.get("name") == "limit":
            parameter = {"$ref": "#/components/parameters/limit"}  # noqa: PLW2901
        if "x-ogc-propertySeq" in parameter.get("schema", {}):
            parameter["schema"].pop("description", None)
        kept.append(parameter)
    operation["parameters"] = kept
