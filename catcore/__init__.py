"""catcore: state a structure, get a proof that it is lawful, the tied weights it forces, and code that runs it."""
__version__ = "0.1.0"
