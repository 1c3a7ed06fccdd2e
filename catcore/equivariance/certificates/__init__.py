"""Why a space of homomorphisms is right: its laws, and its dimension counted without the solver."""
