"""Reporting: plan, run, exporters, ledger: papermill once per school, one source, several formats."""
