"""Which department must act: by the model, by the names in the text, and whether they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick

from classifier.text.clean import clean
from service.domain.classification import Classification
from service.domain.organisation import Department
from service.triage import reasons
from service.triage.whereabouts import Whereabouts

_NO_ONE = "其他"


@dataclass(frozen=True, slots=True)
class DepartmentChoice:
    """A department's name, "" where nobody can tell, and why in Chinese."""

    department: str
    because: tuple[str, ...]


class DepartmentFinder:
    """Knows the departments of a directory by their names and aliases."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._automaton = ahocorasick.Automaton()
        for department in departments:
            if department.name != _NO_ONE:
                for alias in (department.name, *department.aliases):
                    self._add(clean(alias).plain.strip(), department.name)
        self._automaton.make_automaton()
        self._whereabouts = Whereabouts(list(self._automaton))

    def _add(self, alias: str, name: str) -> None:
        if alias and alias not in self._automaton:
            self._automaton.add_word(alias, name)

    def named(self, text: str) -> dict[str, int]:
        """How often plain text names each department, the most often named first."""
        start, end = self._whereabouts.within(text)
        if not end:  # an automaton without a word cannot be searched
            return {}
        hits = self._automaton.iter_long(text, start, end)
        return dict(Counter(name for _, name in hits).most_common())

    def choose(self, classification: Classification | None, text: str) -> DepartmentChoice:
        """The classification's department; without one, the department the text names most."""
        named = self.named(text)
        department = classification.department.label if classification else ""
        if classification is None or not department:
            found = next(iter(named), "")
            return DepartmentChoice(found, (reasons.department_by_text(found),))
        because = [reasons.department_by_judgement(classification)]
        if named and department not in named:
            because.append(reasons.departments_disagree(list(named), department))
        return DepartmentChoice(department, tuple(because))
