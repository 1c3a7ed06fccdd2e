// Barriers, and what the threads of a warp tell each other: each writes its value, all wait, each reads another's.
#pragma once

inline void __syncthreads() { emulated_cuda_wait(1); }
inline void __syncwarp(unsigned = ~0u) { emulated_cuda_wait(0); }
inline void __threadfence() {}
inline void __threadfence_block() {}

namespace emulated_cuda {
static char told[1024][16];

template <class T>
T from(T x, unsigned other) {
  static_assert(sizeof(T) <= sizeof told[0], "the values of a shuffle have 16 bytes at most");
  memcpy(told[thread()], &x, sizeof x);
  emulated_cuda_wait(0);
  memcpy(&x, told[other], sizeof x);
  emulated_cuda_wait(0);
  return x;
}
}  // namespace emulated_cuda

template <class T>
T __shfl_xor_sync(unsigned long long, T x, int mask, int = 32) {
  return emulated_cuda::from(x, emulated_cuda::thread() ^ mask);
}
template <class T>
T __shfl_up_sync(unsigned long long, T x, unsigned by, int width = 32) {
  unsigned here = emulated_cuda::thread();
  return emulated_cuda::from(x, here % width >= by ? here - by : here);
}
template <class T>
T __shfl_down_sync(unsigned long long, T x, unsigned by, int width = 32) {
  unsigned here = emulated_cuda::thread();
  return emulated_cuda::from(x, here % width + by < unsigned(width) ? here + by : here);
}
template <class T>
T __shfl_sync(unsigned long long, T x, int lane, int width = 32) {
  unsigned here = emulated_cuda::thread();
  return emulated_cuda::from(x, here / width * width + lane % width);
}
