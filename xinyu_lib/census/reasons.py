"""Why a row is set aside: the closed list, with the error of each. Wording: `census.reason.<id>`."""

from xinyu_lib.errors import AnswerOutOfRange, DuplicatePupil, RowsRefused, UnknownPupil, UnknownSchool

REASONS: dict[str, type[RowsRefused]] = {
    "out_of_range": AnswerOutOfRange,
    "duplicate": DuplicatePupil,
    "unknown_pupil": UnknownPupil,
    "unknown_school": UnknownSchool,
    "unknown_class": RowsRefused,
    "unknown_staff": RowsRefused,
    "unknown_reference": RowsRefused,
    "name_differs": RowsRefused,
    "not_matched": RowsRefused,
    "unfinished": RowsRefused,
    "wrong_order": RowsRefused,
    "before_census": RowsRefused,
    "second_signature": RowsRefused,
    "same_signature": RowsRefused,
    "not_stable": RowsRefused,
    "missing_value": RowsRefused,
    "bad_value": RowsRefused,
}
