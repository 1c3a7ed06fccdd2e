"""Pictures of what catcore computes, as SVG and as text, without a plotting library.

>>> print(tying_text([[1, 2], [2, 1]]))
a b
b a
"""

from catcore.drawing.automata import automaton_svg as automaton_svg
from catcore.drawing.parametric import para_svg as para_svg
from catcore.drawing.parametric import para_tikz as para_tikz
from catcore.drawing.pixels import pixels_svg as pixels_svg
from catcore.drawing.plans import plan_svg as plan_svg
from catcore.drawing.squares import Square as Square
from catcore.drawing.trees import tree_svg as tree_svg
from catcore.drawing.tying import tying_svg as tying_svg
from catcore.drawing.tying import tying_text as tying_text
