"""Tasks of structured reasoning, each with an exact solver made of folds, unfolds and machines (THEORY §7)."""

from catcore.reasoning.learners import accuracy as accuracy
from catcore.reasoning.learners import composed as composed
from catcore.reasoning.learners import hypothesis as hypothesis
from catcore.reasoning.learners import memorising as memorising
from catcore.reasoning.learners import samples_needed as samples_needed
from catcore.reasoning.task import Sample as Sample
from catcore.reasoning.task import Task as Task
