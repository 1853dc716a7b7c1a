"""Release of finished reports: scan, check, approval, publication."""
