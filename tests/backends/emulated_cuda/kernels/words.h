// CUDA's additions to C++: what marks functions and variables, and where a thread stands.
#pragma once
#include <cassert>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#define __CUDACC_VER_MAJOR__ 13
#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline
#define __noinline__
#define __restrict__
#define __launch_bounds__(...)
// one block runs at a time, so that what its threads share is one variable
#define __shared__ static

using std::isfinite;
using std::isinf;
using std::isnan;
using std::signbit;

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};
struct uint3 {
  unsigned x, y, z;
};
static dim3 threadIdx, blockIdx, blockDim, gridDim;
static const int warpSize = 32;

namespace emulated_cuda {
// what a launch gives its blocks as `extern __shared__`
static char* shared;

// the number of a thread in its block
inline unsigned thread() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }
inline void enter(unsigned number) {
  threadIdx.x = number % blockDim.x;
  threadIdx.y = number / blockDim.x % blockDim.y;
  threadIdx.z = number / blockDim.x / blockDim.y;
}

// the same bits as a value of another type
template <class R, class T>
R bits(T x) {
  static_assert(sizeof(R) == sizeof(T), "bits are kept, not made");
  R result;
  memcpy(&result, &x, sizeof x);
  return result;
}
}  // namespace emulated_cuda

extern "C" void emulated_cuda_wait(int block);
extern "C" void emulated_cuda_block(unsigned n, void (*enter)(unsigned), void (*f)(void*), void* x);
