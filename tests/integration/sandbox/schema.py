"""Reads VK's public schema and checks values against it.

The schema marks a required property inside the property itself; JSON Schema wants a list in the
object, so it is rewritten on the way in. References into files that we do not have accept anything.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

BASE: Final = "https://vk.invalid/"


class VkSchema:
    """VK's methods and the objects of their answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        self.methods: dict[str, dict[str, Any]] = {}
        for file in sorted(folder.glob("*/methods.json")):
            for method in json.loads(file.read_text())["methods"]:
                self.methods[method["name"]] = method | {"section": file.parent.name}

    def errors(self) -> dict[int, str]:
        """Return VK's error codes with their texts."""
        rows = json.loads((self._folder / "errors.json").read_text())["errors"]
        return {row["code"]: row["description"] for row in rows.values()}

    def answer_faults(self, method: str, answer: dict[str, Any], *, kind: str = "") -> list[str]:
        """Return what is wrong with an answer; `kind` chooses among a method's several answers."""
        declared = self.methods[method]["responses"]
        name = kind or ("response" if "response" in declared else next(iter(declared)))
        reference = declared[name]["$ref"].removeprefix("../")
        return self._faults(reference, answer)

    def object_faults(self, reference: str, value: object) -> list[str]:
        """Return what is wrong with a value of a named object, `base/objects.json#/definitions/x`."""
        return self._faults(reference, value)

    def param_faults(self, method: str, name: str, value: object) -> list[str]:
        """Return what is wrong with one parameter, given in the type that the schema declares."""
        declared = {param["name"]: param for param in self.methods[method]["parameters"]}
        if name not in declared:
            return [f"{method} has no parameter {name}"]
        return self._faults_of(_tidy(declared[name]), value)

    def names(self, file: str, definition: str) -> list[str]:
        """Return the values of a named enumeration."""
        found: list[str] = json.loads((self._folder / file).read_text())["definitions"][definition]["enum"]
        return found

    def codes(self, method: str) -> set[int]:
        """Return the codes of the errors that the schema lists for a method, and of those of every method."""
        rows = json.loads((self._folder / "errors.json").read_text())["errors"]
        own = [one["$ref"].rpartition("/")[2] for one in self.methods[method].get("errors", [])]
        everywhere = [name for name, row in rows.items() if row.get("global")]
        return {rows[name]["code"] for name in (*own, *everywhere)}

    def _faults(self, reference: str, value: object) -> list[str]:
        return self._faults_of({"$ref": f"{BASE}{reference}"}, value)

    def _faults_of(self, schema: dict[str, Any], value: object) -> list[str]:
        schema = {**schema, "$id": f"{BASE}market/checked.json"}
        validator = Draft7Validator(schema, registry=self._registry)
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def _retrieve(self, address: str) -> Resource[Any]:
        path = self._folder / address.removeprefix(BASE)
        contents: Any = {"definitions": _Anything()}
        if path.exists():
            contents = _tidy(json.loads(path.read_text()))
        return Resource.from_contents(contents, default_specification=DRAFT7)


class _Anything(dict[str, Any]):
    """Definitions of a file that we do not have: every name accepts any value."""

    def __missing__(self, name: str) -> bool:
        return True

    def __contains__(self, name: object) -> bool:
        return True


def _tidy(value: Any) -> Any:
    """Return a schema with `required` where JSON Schema has it."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    # A closed object that others extend through `allOf` would refuse everything they add.
    dropped = {"required", "additionalProperties"}
    tidy = {name: _tidy(item) for name, item in value.items() if name not in dropped}
    properties = value.get("properties")
    if isinstance(properties, dict):
        required = [
            name
            for name, item in properties.items()
            if isinstance(item, dict) and item.get("required") is True
        ]
        if required:
            tidy["required"] = required
    return tidy


@pytest.fixture(scope="session")
def schema() -> VkSchema:
    """Give VK's schema, which is no part of the project; skip where it is absent."""
    shared = Path(os.environ.get("EVOSYNC_SHARED") or Path(settings.BASE_DIR).parent / "shared")
    folder = shared / "contracts" / "vk-api-schema"
    if not folder.exists():
        pytest.skip(
            "VK's schema is not here: set EVOSYNC_SHARED to the folder that has contracts/vk-api-schema"
        )
    return VkSchema(folder)
