"""What the tests of each feature cost, in the seconds that tools/test saw them take."""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
# CONTRIBUTING.md says what these are: C under both sanitizers, calls, journeys, the client's own.
BUDGETS_S = {"C": 20, "API": 10, "journeys": 35, "client": 5}
TOLD = 10
KINDS = (("API", r"tests/api/(\w+)"), ("journeys", r"tests/browser/(\w+)"), ("client", r"web/test/(\w+)"))


def features(root=ROOT):
    return {path.name for path in root.glob("src/features/*/*/")}


def place_of(path, known):
    """(feature, kind) of a test's file; None for what proves more than one feature."""
    if inside := re.match(r"src/features/\w+/(\w+)/\w+_test\.c$", path):
        return inside[1], "C"
    for kind, pattern in KINDS:
        if named := re.match(pattern, path):
            # friends.test.mjs; rooms_about.test.mjs is of rooms, too.
            own = [name for name in known if named[1] == name or named[1].startswith(f"{name}_")]
            return (max(own, key=len), kind) if own else None
    return None


class Costs:
    def __init__(self, known=None):
        self.known = features() if known is None else known
        self.spent = collections.defaultdict(collections.Counter)

    def add(self, paths, seconds):
        """A C program is made of several files: the first that is a feature's test counts."""
        place = next(filter(None, (place_of(path, self.known) for path in paths)), None)
        if place:
            self.spent[place[0]][place[1]] += seconds

    def table(self):
        """The dearest features, and every one that is over in something, as lines."""
        rows = sorted(self.spent.items(), key=lambda row: -row[1].total())
        over = {name: [kind for kind, most in BUDGETS_S.items() if spent[kind] > most] for name, spent in rows}
        budget = ", ".join(f"{kind} {most} s" for kind, most in BUDGETS_S.items())
        lines = [f"== seconds per feature; its budget: {budget}"] if rows else []
        for n, (name, spent) in enumerate(rows):
            if n < TOLD or over[name]:
                parts = ", ".join(f"{kind} {spent[kind]:.0f}" for kind in BUDGETS_S if spent[kind])
                wrong = f"  OVER: {', '.join(over[name])}" if over[name] else ""
                lines.append(f"   {spent.total():6.1f} s  {name}: {parts}{wrong}")
        return lines
