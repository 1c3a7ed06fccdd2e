"""Networks as modules of PyTorch, Equinox and Flax: their state holds the free parameters and nothing else."""
