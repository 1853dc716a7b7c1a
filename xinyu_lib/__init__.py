"""Placeholder until the public surface is wired."""
