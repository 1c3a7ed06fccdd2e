"""Categories as values, one a file, each with the doctrines that it has (THEORY T1.1, T1.9)."""
