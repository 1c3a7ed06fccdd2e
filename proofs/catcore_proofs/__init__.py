"""Why the laws hold: verdicts, proofs by generic elements, counterexamples, and the kernel that replays them."""
