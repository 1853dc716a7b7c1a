"""Ledgers: what schools and district keep beside the census, one workbook each, in order but for the planted gaps."""
