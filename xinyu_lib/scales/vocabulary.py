"""Words that scale definitions share: how sure a fact is, who answers, what a name may look like."""

from typing import Annotated, Literal

from pydantic import Field

from xinyu_lib.registry import Definition, Number, Text, Whole

ScaleId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
Limit = Whole | Number
Status = Literal["two-sources", "one-source", "recalled", "derived"]
Informant = Literal["self", "parent", "teacher"]
LicenceStatus = Literal[
    "public-domain",
    "free",
    "free-with-credit",
    "free-with-conditions",
    "free-non-commercial",
    "free-academic",
    "permission-needed",
    "unclear-ask-author",
    "unclear-ask-owner",
]


class Fact(Definition):
    """Something published, with where it was read and how sure it is.

    two-sources: two independent outside sources agree; one-source: read in one; recalled: to be checked
    against the manual; derived: follows from another fact of the file or from a default of this library.
    """

    source: Text
    status: Status
