"""Facts of a scale in words: items, ages, people, gaps, rules and conditions, told alike on cards and in reports."""

from collections.abc import Iterable
from dataclasses import dataclass

from xinyu_lib.scales.conditions import AnyOf, Condition, Items, Scores, Tally
from xinyu_lib.scales.rules import Add, Count, Gaps, Rule
from xinyu_lib.scales.scale import Scale
from xinyu_lib.scales.vocabulary import Ages, Fact, Status, Who
from xinyu_lib.words import say


@dataclass(frozen=True)
class Phrases:
    """How one scale's facts are told in one language; no phrase ends in a full stop."""

    scale: Scale
    lang: str

    def say(self, message: str, /, **fields: object) -> str:
        """Wording `scales.<message>`."""
        return say(f"scales.{message}", self.lang, **fields)

    def list(self, parts: Iterable[str]) -> str:
        """Short things in a row."""
        return self.say("comma").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Longer things in a row."""
        return self.say("semicolon").join(parts)

    def items(self, items: Iterable[int]) -> str:
        """Item numbers in the order of the form, neighbours drawn together (items 1–3, 5)."""
        numbers = sorted(set(items))
        runs = [[numbers[0], numbers[0]]]
        for number in numbers[1:]:
            if number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        told = self.list(str(low) if low == high else f"{low}–{high}" for low, high in runs)
        return self.say("items" if len(numbers) > 1 else "item", items=told)

    def score(self, name: str) -> str:
        """What a score is called."""
        return self.scale.score(name).label.say(self.lang)

    def scores(self, names: Iterable[str]) -> str:
        return self.list(self.score(name) for name in names)

    def codes(self, codes: tuple[int, ...]) -> str:
        """Answer codes: a stretch where there is no hole (0–3), else one by one."""
        whole = len(codes) > 2 and codes[-1] - codes[0] + 1 == len(codes)
        return f"{codes[0]}–{codes[-1]}" if whole else self.list(map(str, codes))

    def ages(self, ages: Ages | None) -> str:
        if ages is None:
            return self.say("ages.unknown")
        return self.say("ages.from" if ages.max is None else "ages.range", low=ages.min, high=ages.max)

    def who(self, who: Who | None) -> str:
        """The pupils a fact is about; empty when it is about everybody."""
        if who is None:
            return ""
        told = [self.ages(who.ages)] if who.ages else []
        told += [self.say(f"sex.{who.sex}")] if who.sex else []
        told += [self.say("grades", low=who.grades[0], high=who.grades[1])] if who.grades else []
        return self.list(told)

    def status(self, status: Status) -> str:
        return self.say(f"status.{status}")

    def fact(self, fact: Fact) -> str:
        """Where a fact was read and how sure it is."""
        return self.say("fact", source=fact.source, status=self.status(fact.status))

    def gaps(self, gaps: Gaps) -> str:
        """What unanswered items do to a score, with the limit."""
        return self.say(f"gaps.{gaps.rule}", where=self.say(f"gaps.of_{gaps.of}"), allowed=gaps.allowed)

    def rule(self, rule: Rule) -> str:
        """How a score is made, for somebody who adds it up by hand."""
        if rule.of_items:
            return self._of_items(rule)
        if isinstance(rule, Add):
            return self.say("plus").join(self.score(part) for part in rule.of)
        return self.say(f"rule.{rule.rule}", of=self.score(rule.of), by=number(rule.by))

    def _of_items(self, rule: Rule) -> str:
        how = rule.rule
        if isinstance(rule, Count):
            how = "count_at_least" if rule.at_least is not None else "count_at_most"
        times = getattr(rule, "times", 1)
        if times != 1:
            how = "sum_times"
        fields = {name: getattr(rule, name, None) for name in ("at_least", "at_most")}
        told = self.say(f"rule.{how}", items=self.items(rule.items), times=times, **fields)
        if recode := getattr(rule, "recode", ()):
            told += self.say("rule.recode", pairs=self.pairs(recode))
        missing = getattr(rule, "missing", None)
        return told + (self.say("rule.gaps", gaps=self.gaps(missing)) if missing else "")

    def pairs(self, pairs: Iterable[tuple[int, int]]) -> str:
        """One code and what becomes of it, for each (2→1)."""
        return self.list(f"{code}→{value}" for code, value in pairs)

    def condition(self, condition: Condition) -> str:
        """A yes/no question to items and scores."""
        if isinstance(condition, Items):
            return self._comparison(condition, self._keyed(condition.items), len(condition.items), "item")
        if isinstance(condition, Scores):
            return self._comparison(condition, self.scores(condition.scores), len(condition.scores), "score")
        if isinstance(condition, Tally):
            parts = self.clauses(self._counted(part) for part in condition.of)
            return self.say("condition.tally", count=condition.count, parts=parts)
        word = "any" if isinstance(condition, AnyOf) else "all"
        return self.say(f"condition.{word}").join(f"[{self.condition(part)}]" for part in condition.of)

    def _keyed(self, items: tuple[int, ...]) -> str:
        """Items, with a word where some of them are read after reversal."""
        turned = set(items) & set(self.scale.reverse)
        return self.items(items) + (self.say("condition.reversed") if turned else "")

    def _comparison(self, each: Items | Scores, what: str, among: int, kind: str) -> str:
        compared = self._compared(each)
        if among == 1:
            return f"{what} {compared}"
        return self.say(f"condition.{kind}_count", what=what, count=each.count, compared=compared)

    def _counted(self, part: Items) -> str:
        return f"{self._keyed(part.items)} {self._compared(part)}"

    def _compared(self, each: Items | Scores) -> str:
        return f"{SIGNS[each.comparison]} {number(each.cut)}"


SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}


def number(value: float) -> str:
    """A number of a definition as it was written: no trailing `.0`."""
    return f"{value:g}"


def span(low: float, high: float) -> str:
    """A stretch of values, both ends included."""
    return number(low) if low == high else f"{number(low)}–{number(high)}"
