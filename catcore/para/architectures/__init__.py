"""The architectures of the talk, each one line: parametric maps and parametric (co)algebras (THEORY T4.5, T4.8).

A network is a parametric map, a cell a parametric algebra or coalgebra, and weights are shared by 2-cells; so every one
of them counts its parameters, says what it is made of, is drawn, and runs on batches of arrays.

>>> print(gru_cell(10, 20).signature, gru_cell(10, 20).count())
ℝ[10] × ℝ[20] → ℝ[20] with parameters (ℝ[60×10], ℝ[60×20], ℝ[60]) 1860
"""

from catcore.para.architectures.adversarial import autoencoder as autoencoder
from catcore.para.architectures.adversarial import gan as gan
from catcore.para.architectures.attention import attention as attention
from catcore.para.architectures.attention import language_model as language_model
from catcore.para.architectures.attention import self_attention as self_attention
from catcore.para.architectures.attention import transformer_block as transformer_block
from catcore.para.architectures.autoregressive import Decoder as Decoder
from catcore.para.architectures.autoregressive import attending as attending
from catcore.para.architectures.graphs import carried as carried
from catcore.para.architectures.graphs import graph_convolution as graph_convolution
from catcore.para.architectures.graphs import message_passing as message_passing
from catcore.para.architectures.graphs import simplicial_layer as simplicial_layer
from catcore.para.architectures.layers import activation as activation
from catcore.para.architectures.layers import bias as bias
from catcore.para.architectures.layers import convolution as convolution
from catcore.para.architectures.layers import dense as dense
from catcore.para.architectures.layers import feed_forward as feed_forward
from catcore.para.architectures.layers import linear as linear
from catcore.para.architectures.memory import memory_cell as memory_cell
from catcore.para.architectures.recurrent import folding as folding
from catcore.para.architectures.recurrent import gru_cell as gru_cell
from catcore.para.architectures.recurrent import lstm_cell as lstm_cell
from catcore.para.architectures.recurrent import mealy as mealy
from catcore.para.architectures.recurrent import moore as moore
from catcore.para.architectures.recurrent import recurrent_machine as recurrent_machine
from catcore.para.architectures.recurrent import rnn_cell as rnn_cell
from catcore.para.architectures.recurrent import unfolding as unfolding
from catcore.para.architectures.recursive import labelled_tree_cell as labelled_tree_cell
from catcore.para.architectures.recursive import tree_cell as tree_cell
