"""The ways to solve ``W ρ_in = ρ_out W``, one a file, and the door that chooses among them."""
