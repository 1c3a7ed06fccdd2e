"""Networks whose equivariance is a theorem: layers between representations, each with its law, composed (T1.15).

The composite of homomorphisms is a homomorphism, so a network is checked layer by layer.  ``verify(network)`` gives one
verdict a layer; a network with a layer that does not commute is refused when it is to be run, and the layer is named.
"""

from catcore.equivariance.networks.aggregation import Attention as Attention
from catcore.equivariance.networks.aggregation import MessagePassing as MessagePassing
from catcore.equivariance.networks.architectures import causal_convolution as causal_convolution
from catcore.equivariance.networks.architectures import convolution as convolution
from catcore.equivariance.networks.architectures import deep_sets as deep_sets
from catcore.equivariance.networks.architectures import graph_layer as graph_layer
from catcore.equivariance.networks.architectures import group_convolution as group_convolution
from catcore.equivariance.networks.architectures import invariant as invariant
from catcore.equivariance.networks.architectures import invariant_graph_network as invariant_graph_network
from catcore.equivariance.networks.architectures import simplicial_layer as simplicial_layer
from catcore.equivariance.networks.architectures import strided_convolution as strided_convolution
from catcore.equivariance.networks.features import Features as Features
from catcore.equivariance.networks.layers import Flatten as Flatten
from catcore.equivariance.networks.layers import Gated as Gated
from catcore.equivariance.networks.layers import Linear as Linear
from catcore.equivariance.networks.layers import Norm as Norm
from catcore.equivariance.networks.layers import Pointwise as Pointwise
from catcore.equivariance.networks.layers import Polynomial as Polynomial
from catcore.equivariance.networks.sequential import Sequential as Sequential
