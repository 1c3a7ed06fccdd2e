"""The tests of the three packages; `tests/README.md` says what is where."""
