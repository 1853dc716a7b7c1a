"""A second scorer, one pupil at a time in plain Python, written from what the declarations say and not from the engine.

What gaps leave possible is found by filling them: with the code that counts least everywhere, with the one that counts
most, and with every code between. Whole forms and pupils as dicts, item number -> answer as given, None = unanswered.
"""

import math

from xinyu_lib.scales import Scale


def reference(scale: Scale, sheet: dict, pupil: dict | None = None) -> dict:
    """Every column of the score frame for one sheet, by name without the prefix; None = missing."""
    raw = {item: dict(scale.coded).get(answer, answer) for item, answer in sheet.items()}
    keyed = _keyed(scale, raw)
    steps = range(max(len(scale.response_of(item).codes) for item in keyed))
    filled = [_scores(scale, _fill(scale, keyed, step)) for step in steps]
    scores, found = _scores(scale, keyed), {}
    for name, value in scores.items():
        possible = [each[name] for each in filled if each[name] is not None]
        found[name] = value
        found[f"{name}_lowest"], found[f"{name}_highest"] = min(possible, default=None), max(possible, default=None)
        for column in ("band", "band4"):
            if sets := [each for each in scale.bands_in(column) if name in each.scores]:
                found[f"{name}_{column}"] = _band(value, sets, pupil or {})
    for each in scale.cuts:
        if _readable(each.when, keyed, scores):
            found[each.name] = None if _open(each.when, keyed, scores) else _holds(each.when, keyed, scores)
    ends = [_fill(scale, keyed, step) for step in (0, -1)]
    for each in scale.decisions:
        if all(_readable(level.when, keyed, scores) for level in each.levels):
            found |= _decided(each, keyed, scores, [(end, _scores(scale, end)) for end in ends])
    for each in scale.critical:
        found[f"critical_{each.item}"] = raw.get(each.item)
        passed_over = raw.get(each.item) is None and each.item in _behind_a_no(scale, raw)
        found[f"critical_{each.item}_shown"] = each.item in raw and not passed_over
    found["answered"] = sum(raw[item] is not None for item in scale.numbers)
    if scale.validity:
        lie = scores[scale.validity.score]
        found["valid"] = None if lie is None else lie < scale.validity.at_least
    return found


def _keyed(scale: Scale, raw: dict) -> dict:
    """Reversed items turned, items behind a no at their lowest code; items left out stand as gaps."""
    keyed = {}
    for item in [*raw, *scale.left_out]:
        low, high = scale.span_of(item)
        answer = raw.get(item)
        keyed[item] = answer if answer is None or item not in scale.reverse else low + high - answer
    for item, skip in _behind_a_no(scale, raw).items():
        if skip.overrides or raw[item] is None:
            keyed[item] = scale.span_of(item)[0]
    return keyed


def _behind_a_no(scale: Scale, raw: dict) -> dict:
    """Items on the form that were not to be asked: every gate before them was answered with a no."""
    no = [s for s in scale.skips if all(raw.get(gate) is not None and raw[gate] < s.at_least for gate in s.gates)]
    return {item: skip for skip in no for item in skip.items if item in raw}


def _fill(scale: Scale, keyed: dict, step: int) -> dict:
    codes = {item: scale.response_of(item).codes for item in keyed}
    return {
        item: codes[item][min(step, len(codes[item]) - 1)] if code is None else code for item, code in keyed.items()
    }


def _scores(scale: Scale, keyed: dict) -> dict:
    done = {}
    for rule in scale.scores:
        if rule.of_items:
            if set(rule.items) <= set(keyed):
                done[rule.name] = _of_items(scale, rule, keyed)
        elif all(part in done for part in (rule.of if rule.rule == "add" else [rule.of])):
            done[rule.name] = _of_scores(rule, done)
    return done


def _of_items(scale: Scale, rule, keyed: dict):
    given = [rule.value(keyed[item]) for item in rule.items if keyed[item] is not None]
    blank, k = len(rule.items) - len(given), len(rule.items)
    if rule.rule in ("count", "mean_of_positive"):
        if blank:
            return None
        if rule.rule == "count":
            return sum(c >= rule.at_least if rule.at_least is not None else c <= rule.at_most for c in given)
        positive = [code for code in given if code >= rule.at_least]
        return sum(positive) / len(positive) if positive else None
    gaps = scale.gaps_of(rule)
    on_form = sum(keyed[item] is None for item in scale.numbers)
    if (on_form if gaps.of == "form" else blank) > gaps.allowed or (blank and set(rule.items) & set(scale.left_out)):
        return None
    if blank and gaps.rule == "zero":
        given += [rule.value(scale.span_of(item)[0]) for item in rule.items if keyed[item] is None]
    if not given:
        return None
    if rule.rule == "mean":
        return sum(given) / len(given)
    return math.floor(rule.times * sum(given) * k / len(given) + 0.5)


def _of_scores(rule, done: dict):
    if rule.rule == "add":
        parts = [done[part] for part in rule.of]
        return None if None in parts else sum(parts)
    value = done[rule.of]
    how = {
        "multiply": lambda: value * rule.by,
        "multiply_truncate": lambda: math.trunc(value * rule.by),
        "multiply_round": lambda: math.floor(value * rule.by + 0.5),
        "divide": lambda: value / rule.by,
    }
    return None if value is None else how[rule.rule]()


def _band(value, sets: list, pupil: dict):
    mine = [each for each in sets if each.who is not None and _fits(each.who, pupil)]
    bands = (mine or [each for each in sets if each.who is None])[-1].bands
    return None if value is None else [band.code for band in bands if value >= band.low][-1]


def _fits(who, pupil: dict) -> bool:
    age, grade = pupil.get("age"), pupil.get("grade")
    return (
        (who.ages is None or (age is not None and who.ages.holds(age)))
        and (who.sex is None or pupil.get("sex") == who.sex)
        and (who.grades is None or (grade is not None and who.grades[0] <= grade <= who.grades[1]))
    )


def _parts(condition) -> list:
    below = [part for each in getattr(condition, "of", ()) for part in _parts(each)]
    return below or [condition]


def _values(part, keyed: dict, scores: dict) -> list:
    return [keyed[i] for i in part.items] if part.test == "items" else [scores[name] for name in part.scores]


def _readable(condition, keyed: dict, scores: dict) -> bool:
    return all(set(getattr(p, "items", ())) <= set(keyed) and set(getattr(p, "scores", ())) <= set(scores)
               for p in _parts(condition))  # fmt: skip


def _open(condition, keyed: dict, scores: dict) -> bool:
    return any(None in _values(part, keyed, scores) for part in _parts(condition))


def _holds(condition, keyed: dict, scores: dict) -> bool:
    if condition.test in ("all", "any"):
        return {"all": all, "any": any}[condition.test](_holds(each, keyed, scores) for each in condition.of)
    return _hits(condition, keyed, scores) >= condition.count


def _hits(condition, keyed: dict, scores: dict) -> int:
    if condition.test == "tally":
        return sum(_hits(part, keyed, scores) for part in condition.of)
    cut, values = condition.cut, _values(condition, keyed, scores)
    met = {
        "at_least": lambda value: value >= cut,
        "above": lambda value: value > cut,
        "at_most": lambda value: value <= cut,
        "below": lambda value: value < cut,
    }[condition.comparison]
    return sum(map(met, values))


def _level(each, keyed: dict, scores: dict) -> int:
    held = [_holds(level.when, keyed, scores) for level in each.levels]
    return len(held) - held.index(True) if True in held else 0


def _decided(each, keyed: dict, scores: dict, ends: list) -> dict:
    codes = [each.otherwise.code, *(level.code for level in reversed(each.levels))]
    low, high = (_level(each, *end) for end in ends)
    if each.gaps == "none":
        unanswered = any(_open(level.when, keyed, scores) for level in each.levels)
        place = None if unanswered else _level(each, keyed, scores)
    else:
        place = high if each.gaps == "as_highest" else low if low == high else None
    result = None if place is None else codes[place]
    return {each.name: result, f"{each.name}_lowest": codes[low], f"{each.name}_highest": codes[high]}
