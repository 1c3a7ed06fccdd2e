"""Real tasks: ``python -m tests.learning.tasks [NAME…]`` trains networks and prints what they reach.

*iris*: three kinds of flowers from four lengths, by a dense network as a parametric lens.  *bits*: the same flowers as
four bits, and all functions of one bit, by Boolean circuits over Z₂.  *digits*: handwritten digits that were seen at
four places of a torus, at all places; a network tied by translations against a dense one.  *xor*: exclusive or, by a
path of layers.  *parity*: of lists longer than any seen, by a folding network.  *formulas*: larger than any seen, by a
recursive network.  *grid*: every optimiser with every loss, one component swapped at a time.  *flat*: what is lost when
a picture becomes a list.  *shifts*: an equivariance that a dense layer learns from moved examples.
*learnable*: symmetries and recursion, asked of a dense network at what it has not seen.
The data come with scikit-learn (extra ``demo``).
"""
