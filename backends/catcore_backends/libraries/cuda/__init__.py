"""What is CUDA's own: devices and streams, the memory pool, kernels for runs of operations, and graphs of programs.

Nothing here has run on a GPU so far.  Without one, the tests check every name and signature against CuPy's own, compile
the kernels' source, and run the control flow against a stand-in for the device (``tests/backends/cupy_stand_in.py``).
"""
