// What a CUDA kernel finds around it, for the C++ compiler of the host; and, where CuPy is, CuPy's own headers.
#pragma once
#include "words.h"
#include "warps.h"
#include "arithmetic.h"
#include "atomics.h"
#include "launch.h"

#if __has_include(<cupy/complex.cuh>)
#include <cupy/complex.cuh>
#include <cupy/carray.cuh>
#include <cupy/atomics.cuh>
#include <cupy/math_constants.h>
#endif
