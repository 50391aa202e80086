"""A small check of XML by a document type: which elements stand where, which attributes have which values."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

_ELEMENT = re.compile(r"<!ELEMENT\s+(\w+)\s+(.*?)>", re.DOTALL)
_ATTRIBUTE = re.compile(
    r'<!ATTLIST\s+(\w+)\s+(\w+)\s+(CDATA|\([^)]*\))\s+(#REQUIRED|#IMPLIED|"[^"]*")\s*>', re.DOTALL
)


@dataclass(frozen=True)
class Attribute:
    """What an attribute may be; no `values` take any."""

    is_required: bool
    values: tuple[str, ...] = ()


@dataclass
class DocumentType:
    """A document type: what each element holds, as a pattern over the names of its children."""

    contents: dict[str, re.Pattern[str] | None] = field(default_factory=dict)
    attributes: dict[str, dict[str, Attribute]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "DocumentType":
        """Return the document type of a file."""
        text = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
        found = cls()
        for name, model in _ELEMENT.findall(text):
            found.contents[name] = None if "#PCDATA" in model else _pattern(model)
        for element, name, kind, default in _ATTRIBUTE.findall(text):
            values = () if kind == "CDATA" else tuple(kind.strip("()").split("|"))
            rules = found.attributes.setdefault(element, {})
            rules[name] = Attribute(default == "#REQUIRED", values)
        return found

    def faults(self, element: ET.Element) -> list[str]:
        """Return what breaks the document type, in words."""
        if element.tag not in self.contents:
            return [f"<{element.tag}> is not known"]
        found = self._attribute_faults(element)
        children = "".join(f"{child.tag} " for child in element)
        pattern = self.contents[element.tag]
        if pattern is None and children:
            found.append(f"<{element.tag}> holds {children}instead of text")
        if pattern is not None and not pattern.fullmatch(children):
            found.append(f"<{element.tag}> holds {children}")
        if pattern is not None and (element.text or "").strip():
            found.append(f"<{element.tag}> holds text")
        return found + [fault for child in element for fault in self.faults(child)]

    def _attribute_faults(self, element: ET.Element) -> list[str]:
        rules = self.attributes.get(element.tag, {})
        found = [f"<{element.tag}> has {name}" for name in element.attrib if name not in rules]
        for name, rule in rules.items():
            value = element.get(name)
            if value is None and rule.is_required:
                found.append(f"<{element.tag}> has no {name}")
            if value is not None and rule.values and value not in rule.values:
                found.append(f"<{element.tag}> has {name}={value}")
        return found


def _pattern(model: str) -> re.Pattern[str]:
    """Return a content model as a pattern over names, each of which is followed by a space."""
    if model.strip() == "EMPTY":
        return re.compile("")
    named = re.sub(r"\w+", lambda name: rf"(?:{name[0]}\x20)", model)
    return re.compile(re.sub(r"[\s,]+", "", named))
