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


def band(scale_id: str, name: str) -> str:
    """Column of the band a score falls in (`phq9_total_band`)."""
    return f"{score(scale_id, name)}_band"


def lowest(scale_id: str, name: str) -> str:
    """Column of the lowest value that gaps leave possible (`phq9_total_lowest`)."""
    return f"{score(scale_id, name)}_lowest"


def highest(scale_id: str, name: str) -> str:
    """Column of the highest value that gaps leave possible (`phq9_total_highest`)."""
    return f"{score(scale_id, name)}_highest"


def critical(scale_id: str, number: int) -> str:
    """Column that carries the answer to a critical item itself (`phq9_critical_9`)."""
    return f"{prefix(scale_id)}_critical_{number}"


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
