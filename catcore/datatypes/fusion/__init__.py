"""Fusion: two passes over data become one, with the proof, or two layers show why they cannot."""

from catcore.datatypes.fusion.fusing import Fusion as Fusion
from catcore.datatypes.fusion.fusing import NoFusion as NoFusion
from catcore.datatypes.fusion.fusing import banana_split as banana_split
from catcore.datatypes.fusion.fusing import fuse as fuse
