"""Automata: finite machines as coalgebras, their minimal quotients, bisimulations, and machines with weights."""
