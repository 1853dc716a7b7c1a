"""The store: Delta tables under a pupil key, and the vault with names, rows set aside and the one commit record."""

from xinyu_lib.lake.delta import Lake

__all__ = ["Lake"]
