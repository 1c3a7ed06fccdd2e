"""Training: the supervised step of :mod:`catcore.learning` as one compiled program, run over batches and epochs."""

from catcore_backends.training.fitting import Trained as Trained
from catcore_backends.training.fitting import fit as fit
from catcore_backends.training.starting import initial_weights as initial_weights
