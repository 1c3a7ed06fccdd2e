"""Tasks of structured reasoning (THEORY §7)."""
