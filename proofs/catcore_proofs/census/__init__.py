"""Census: how many structures of a kind there are, up to equality and up to isomorphism.

Natural transformations, monads, comonads, distributive laws and their morphisms on polynomial functors; algebras of a
monad and models of a theory on finite sets; small categories; elements of presented monoids.  Every answer is a
:class:`Count` with the statement of what was counted and the space that was searched, or a :class:`Finding` about a
claim.
"""

from catcore_proofs.census.categories import count_categories
from catcore_proofs.census.containers import Container
from catcore_proofs.census.findings import Count, Finding
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
)
from catcore_proofs.census.theories import count_models, one_sorted
from catcore_proofs.census.transformations import (
    Transformation,
    automorphisms,
    count_automorphisms,
    count_transformations,
    transformations,
)

__all__ = [
    "Container", "Count", "Finding", "Transformation", "admits_comonad", "admits_distributive_law", "admits_monad",
    "admits_monad_morphism", "as_algebra", "as_comonad", "as_distributive_law", "as_monad", "as_monad_morphism",
    "automorphisms", "complete_system", "count_algebras", "count_automorphisms", "count_categories", "count_comonads",
    "count_distributive_laws", "count_elements", "count_models", "count_monad_morphisms", "count_monads",
    "count_transformations", "distributive_law_is_unique", "every_model_satisfies", "is_commutative",
    "monad_structure_is_unique", "one_sorted", "transformations", "unit_is_mono", "with_equation",
]  # fmt: skip
