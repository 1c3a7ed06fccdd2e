"""Challenges: statements to be proved, refuted or counted, each beside a mutated twin that must fare differently.

``python -m tests.benchmarks.challenges`` settles them one by one and prints one line each.  A statement is code that
builds laws, structures, problems of equational logic, diagrams or counts with the public interface; it holds no answer.
The answers, in :mod:`tests.benchmarks.challenges.answers`, only score.
"""
