"""Dynamic programming on arrays: options of many states at a time, answered in a semiring (THEORY T3.4, T3.5).

A recurrence is a coalgebra ``S → List(C × List S)`` given by a rule on batches: for states, columns of integers, it
lists the options, each with its cost and the states it leaves.  The algebra of a semiring adds up, over the options,
the cost times the answers of what is left.  The rule and the semiring are all that a user says:

>>> import numpy as np
>>> from catcore.datatypes.semirings import COUNTING, MIN_PLUS
>>> a, b = (np.asarray([ord(c) for c in word]) for word in ("kitten", "sitting"))
>>> def edits(i, j):
...     return [
...         Option(0, when=(i == 0) & (j == 0)),
...         Option(1, [(i - 1, j)], when=i > 0),
...         Option(1, [(i, j - 1)], when=j > 0),
...         Option(a[i - 1] != b[j - 1], [(i - 1, j - 1)], when=(i > 0) & (j > 0)),
...     ]
>>> distance = Recurrence(edits, bounds=(7, 8))
>>> distance.solve((6, 7), MIN_PLUS), distance.solve((6, 7), COUNTING)
(3.0, 19825)

Where some weighting of the columns decreases with every step, the states of equal weight form a *wavefront* and are
answered together (Lamport 1974, The parallel execution of DO loops); elsewhere the states are unfolded breadth first
and answered by height.  Where states lead back to themselves, the least solution in an idempotent semiring is reached
by repetition (Kleene), as in Bellman's and Ford's algorithm.
"""

from catcore_backends.recurrences.options import Option as Option
from catcore_backends.recurrences.recurrence import Recurrence as Recurrence
