"""Proofs made step by step: a goal, the moves that change it, and how it is shown."""

from catcore_proofs.goals.goal import Goal as Goal
