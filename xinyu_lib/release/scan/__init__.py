"""The scan of finished report files: whatever a file carries that a reader must not get becomes a finding."""

from xinyu_lib.release.scan.context import Context, Secrets
from xinyu_lib.release.scan.finding import KINDS, Finding
from xinyu_lib.release.scan.numbers import numbers_in
from xinyu_lib.release.scan.scan import scan
from xinyu_lib.release.scan.wording import declared_wording

__all__ = ["KINDS", "Context", "Finding", "Secrets", "declared_wording", "numbers_in", "scan"]
