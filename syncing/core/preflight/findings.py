"""What is asked, and what was found: facts, answers, and how the whole ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

EVOTOR, VK = "evotor", "vk"
# What follows where EvoSync itself has to change.
TELL = "Tell EvoSync's makers"


class Answer(StrEnum):
    """How a fact stands in the account that was asked."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that we rely on or doubt. `name` begins with the service.

    `yes` and `no` say what follows for EvoSync. It cannot work where a vital fact does not hold. Where
    `why_not` stands, no harmless question answers it.
    """

    name: str
    statement: str
    yes: str = "as EvoSync assumes"
    no: str = ""
    is_vital: bool = False
    why_not: str = ""

    @property
    def service(self) -> str:
        """The service that it is about."""
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one fact, with what was seen."""

    fact: Fact
    answer: Answer
    seen: str = ""

    @property
    def means(self) -> str:
        """What follows for EvoSync."""
        match self.answer:
            case Answer.YES:
                return self.fact.yes
            case Answer.NO:
                return self.fact.no
            case _:
                return ""

    @property
    def is_failure(self) -> bool:
        """Whether EvoSync cannot work with this account as it is."""
        return self.fact.is_vital and self.answer in (Answer.NO, Answer.UNCLEAR)


@dataclass(slots=True)
class Findings:
    """Collects the answers. A fact that is never noted was not asked.

    `left_out` are beginnings of names that the operator did not want to be asked.
    """

    facts: Iterable[Fact]
    troubles: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _noted: dict[str, Finding] = field(default_factory=dict)
    _reasons: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, holds: bool | None, seen: str = "") -> bool | None:  # noqa: FBT001 - the answer itself
        """Note that a fact holds, does not, or stays unclear; return it."""
        answer = Answer.UNCLEAR if holds is None else Answer.YES if holds else Answer.NO
        self._noted[name] = Finding(self._fact(name), answer, seen)
        return holds

    def skip(self, prefix: str, reason: str) -> None:
        """Say why the facts whose names begin so were not asked, as far as they were not."""
        self._reasons.setdefault(prefix, reason)

    def fail(self, trouble: str) -> None:
        """Note what makes the whole fail beside the facts."""
        self.troubles.append(trouble)

    def all(self) -> list[Finding]:
        """Return one finding a fact, in the order of the facts."""
        return [self._noted.get(fact.name) or self._not_asked(fact) for fact in self.facts]

    @property
    def is_ok(self) -> bool:
        """Whether EvoSync can work with this account."""
        return not self.troubles and not any(finding.is_failure for finding in self.all())

    def _fact(self, name: str) -> Fact:
        return next(fact for fact in self.facts if fact.name == name)

    def _not_asked(self, fact: Fact) -> Finding:
        reasons = (reason for prefix, reason in self._reasons.items() if fact.name.startswith(prefix))
        reason = fact.why_not or next(reasons, "an earlier step did not get so far")
        asked = not fact.why_not and fact.is_vital and not self._is_left_out(fact)
        return Finding(fact, Answer.UNCLEAR if asked else Answer.NOT_ASKED, reason)

    def _is_left_out(self, fact: Fact) -> bool:
        """Return True if the operator wanted it so: that fails nothing."""
        return any(fact.name.startswith(prefix) for prefix in self.left_out)
