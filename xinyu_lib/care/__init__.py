"""The chain of care: from a provisional tier to a talk, a confirmed tier, a plan and its closing, with its clocks."""
