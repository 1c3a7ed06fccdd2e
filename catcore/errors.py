"""Every exception of catcore, and the situation that raises it.

A message is made of sentences in a fixed order: what was asked, what was found, where, what to do.  Each class also
derives from the built-in exception that a caller would guess, so that ``except ValueError`` keeps working.
"""

from __future__ import annotations


class CatError(Exception):
    """Base of all errors raised on purpose by catcore."""


class NotComposable(CatError, TypeError):
    """The codomain of one arrow is not the domain of the next."""


class NotParallel(CatError, TypeError):
    """Two arrows that should share domain and codomain do not."""


class IllTyped(CatError, TypeError):
    """A term former was given an object or an arrow of the wrong shape."""


class TracingError(CatError, TypeError):
    """A traced Python function did something that a generic element cannot answer."""


class MissingDoctrine(CatError, TypeError):
    """A category was asked to interpret a term former of a doctrine that it does not have."""


class NotInterpreted(CatError, LookupError):
    """A generator or an atom has no meaning in the chosen interpretation."""


class LawViolated(CatError, ValueError):
    """A structure was required to be lawful and a counterexample was found."""


class NotARepresentation(CatError, ValueError):
    """Matrices or index maps do not represent the monoid they were given for."""


class NotAGroup(CatError, ValueError):
    """Something that needs inverses or averaging was asked of a monoid."""


class ShapeMismatch(CatError, ValueError):
    """Two sizes that must agree do not."""


class WrongDtype(CatError, TypeError):
    """A dtype that a library, a device or an operation does not have."""


class MixedDevices(CatError, ValueError):
    """Arrays that are combined live on different devices."""


class OutOfMemory(CatError, MemoryError):
    """A device or the machine has no room for an array."""


class InexactNumber(CatError, TypeError):
    """A floating point number was given where an exact one is needed."""


class NotANumber(CatError, ValueError):
    """A text or a value does not stand for an exact number of the field asked for."""


class BadSpecification(CatError, ValueError):
    """A specification, certificate or data file does not say what it must."""


class NotRecursive(CatError, ValueError):
    """A recursion over states was asked for, and some state leads back to itself."""


class BackendMissing(CatError, ImportError):
    """The library or device behind a backend is not here."""


class ProverMissing(CatError, ImportError):
    """No package offers a prover through the entry-point group ``catcore.provers``."""


class NoInstance(CatError, NotImplementedError):
    """No room is registered for these types."""


class Unwritable(CatError, OSError):
    """A file could not be written; nothing half-written is left."""


class TooLarge(CatError, MemoryError):
    """The answer would not fit; the message names the size and the lazy way."""


class UnknownName(CatError, ValueError):
    """A name was looked up that nothing defines."""


class CertificateRejected(CatError, ValueError):
    """The kernel replayed a certificate and it does not prove its statement."""


class MoveRefused(CatError, ValueError):
    """A move in an interactive proof does not apply to the goal at hand."""


class NotFinite(CatError, ArithmeticError):
    """A computation gave infinity or no number at all; the message names the step and the term."""
