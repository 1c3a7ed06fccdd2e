"""Census: how many structures of a kind there are, up to equality and up to isomorphism.

====================================  ========================================================================
``count_transformations(F, G)``       natural transformations of polynomial functors or composites (T1.3)
``count_monads(F)``                   monad structures (η, μ) on a polynomial functor (T1.4)
``count_comonads(F)``                 comonad structures (ε, δ) on a polynomial functor (T1.7)
``count_distributive_laws(T, S)``     distributive laws TS → ST of two monads (Beck 1969; T1.10)
``count_monad_morphisms(S, T)``       morphisms of monads
``count_algebras(T, n)``              Eilenberg–Moore algebras of a monad on an n-point set (T1.6)
``count_models(theory, n, …)``        models of a theory on finite sets, one size a sort
``count_categories(n)``               categories with n morphisms
``count_elements(monoid)``            elements of a presented monoid
``complete_system(theory)``           rules of a complete rewriting system (Knuth–Bendix)
====================================  ========================================================================

A polynomial functor is built from ``Id``, finite sets, ``+``, ``*`` and finite powers.  The counts of structures take
``up_to_isomorphism=True``: two are isomorphic when automorphisms of what they are on carry one to the other, be it of
the functor, of the two monads, or of the set.  Every answer is a :class:`Count`, exhaustive, with the statement of what
was counted, the space that was searched and the structures themselves, which ``as_monad`` and its like write as terms
for :func:`catcore_proofs.verify`; or it is a :class:`Finding` about a claim, such as ``admits_monad(F)``.  What is too
large to search ends in :class:`~catcore.errors.TooLarge`, after a fixed number of partial solutions.

Partial solutions are rows of NumPy's arrays, thousands at once.  The counts take ``backend="cupy"`` or ``"torch"`` for
arrays of another library, and so do the claims; an answer says in ``backend`` whose arrays were searched, and prints
it where these are not NumPy's.  With ``"dask"`` blocks of rows are searched by tasks of Dask.  With ``"jax"`` the parts
of a step are compiled for a few numbers of rows, which takes seconds.  What is answered by a formula or by rewriting
words makes no arrays: there a backend is only looked up, and ``backend`` is empty.

>>> from catcore import Id
>>> print(count_monads(Id + Id**2, up_to_isomorphism=True))
monad structures on Id + Id^2: 15, 8 up to isomorphism (exhaustive)
"""

from catcore_proofs.census.categories import count_categories
from catcore_proofs.census.containers import Container
from catcore_proofs.census.findings import Count, Finding
from catcore_proofs.census.isomorphism import automorphisms, count_automorphisms
from catcore_proofs.census.presentations import complete_system, count_elements
from catcore_proofs.census.refutations import (
    admits_comonad,
    admits_distributive_law,
    admits_monad,
    admits_monad_morphism,
    distributive_law_is_unique,
    every_model_satisfies,
    is_commutative,
    monad_structure_is_unique,
    unit_is_mono,
    with_equation,
)
from catcore_proofs.census.structures import (
    as_algebra,
    as_comonad,
    as_distributive_law,
    as_monad,
    as_monad_morphism,
    count_algebras,
    count_comonads,
    count_distributive_laws,
    count_monad_morphisms,
    count_monads,
    count_transformations,
)
from catcore_proofs.census.theories import count_models, one_sorted
from catcore_proofs.census.transformations import Transformation, transformations

__all__ = [
    "Container", "Count", "Finding", "Transformation", "admits_comonad", "admits_distributive_law", "admits_monad",
    "admits_monad_morphism", "as_algebra", "as_comonad", "as_distributive_law", "as_monad", "as_monad_morphism",
    "automorphisms", "complete_system", "count_algebras", "count_automorphisms", "count_categories", "count_comonads",
    "count_distributive_laws", "count_elements", "count_models", "count_monad_morphisms", "count_monads",
    "count_transformations", "distributive_law_is_unique", "every_model_satisfies", "is_commutative",
    "monad_structure_is_unique", "one_sorted", "transformations", "unit_is_mono", "with_equation",
]  # fmt: skip
