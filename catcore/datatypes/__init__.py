"""Data types: least and greatest fixed points of polynomial functors, their elements, and recursion over them."""

from catcore.datatypes.bisimulation import Bisimulation as Bisimulation
from catcore.datatypes.bisimulation import Difference as Difference
from catcore.datatypes.bisimulation import compare as compare
from catcore.datatypes.data import Data as Data
from catcore.datatypes.datatype import Constructor as Constructor
from catcore.datatypes.datatype import Datatype as Datatype
from catcore.datatypes.datatype import datatype as datatype
from catcore.datatypes.hylomorphisms import Hylo as Hylo
from catcore.datatypes.hylomorphisms import hylo as hylo
from catcore.datatypes.machines import Mealy as Mealy
from catcore.datatypes.machines import Moore as Moore
from catcore.datatypes.machines import Streams as Streams
from catcore.datatypes.machines import automaton as automaton
from catcore.datatypes.machines import mealy as mealy
from catcore.datatypes.machines import moore as moore
from catcore.datatypes.machines import streams as streams
from catcore.datatypes.minimisation import Quotient as Quotient
from catcore.datatypes.minimisation import minimal as minimal
from catcore.datatypes.schemes import apo as apo
from catcore.datatypes.schemes import histo as histo
from catcore.datatypes.schemes import mutu as mutu
from catcore.datatypes.schemes import para as para
from catcore.datatypes.schemes import zygo as zygo
from catcore.datatypes.shapes import initial_chain as initial_chain
from catcore.datatypes.shapes import terminal_chain as terminal_chain
from catcore.datatypes.weighted import WeightedAutomaton as WeightedAutomaton
