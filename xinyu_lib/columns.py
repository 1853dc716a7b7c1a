"""Names of columns: the one place that says how an item, a score or a band is called in a frame."""


def prefix(scale_id: str) -> str:
    """Column prefix of a scale: its id with `-` as `_` (`sdq-self` -> `sdq_self`)."""
    return scale_id.replace("-", "_")


def item(scale_id: str, number: int) -> str:
    """Column of one item, counted from 1 (`phq9_1`)."""
    return f"{prefix(scale_id)}_{number}"


def score(scale_id: str, name: str) -> str:
    """Column of one score (`phq9_total`)."""
    return f"{prefix(scale_id)}_{name}"


def band(scale_id: str, name: str, system: str = "band") -> str:
    """Column of the band a score falls in (`phq9_total_band`); of a second system `sdq_self_total_band4`."""
    return f"{score(scale_id, name)}_{system}"


def lowest(scale_id: str, name: str) -> str:
    """Column of the lowest value that gaps leave possible (`phq9_total_lowest`)."""
    return f"{score(scale_id, name)}_lowest"


def highest(scale_id: str, name: str) -> str:
    """Column of the highest value that gaps leave possible (`phq9_total_highest`)."""
    return f"{score(scale_id, name)}_highest"


def norm_value(scale_id: str, name: str, kind: str) -> str:
    """Column of a score beside a norm: kind `z`, `t` or `percentile` (`scl90_total_z`)."""
    return f"{score(scale_id, name)}_{kind}"


def norm_name(scale_id: str, name: str, kind: str) -> str:
    """Column that names the norm set, with version, behind such a value (`scl90_total_z_norm`)."""
    return f"{norm_value(scale_id, name, kind)}_norm"


def critical(scale_id: str, number: int) -> str:
    """Column that carries the answer to a critical item itself (`phq9_critical_9`)."""
    return f"{prefix(scale_id)}_critical_{number}"


def shown(scale_id: str, number: int) -> str:
    """Column that says whether the form has a critical item: a missing answer to one it lacks is no silence."""
    return f"{critical(scale_id, number)}_shown"


def answered(scale_id: str) -> str:
    """Column with the count of answered items; NA means that the pupil was never given the scale."""
    return f"{prefix(scale_id)}_answered"


def valid(scale_id: str) -> str:
    """Column that says whether the validity scale lets the result stand (`mht_valid`)."""
    return f"{prefix(scale_id)}_valid"


def usable(scale_id: str) -> str:
    """Column that says whether a stored result may count towards tiers (`mht_usable`)."""
    return f"{prefix(scale_id)}_usable"


def check(scale_id: str, name: str) -> str:
    """Column of one response-quality check beside the stored scores (`mht_check_lie`)."""
    return f"{prefix(scale_id)}_check_{name}"
