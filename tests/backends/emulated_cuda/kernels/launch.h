// How a kernel is launched: block after block, and thread after thread or, where threads wait for each other, together.
#pragma once

namespace emulated_cuda {
// Shared memory starts as rubbish, as a device's may.
template <class F>
void launch(bool together, const unsigned* d, size_t bytes, F f) {
  const std::align_val_t alignment{64};
  gridDim = {d[0], d[1], d[2]};
  blockDim = {d[3], d[4], d[5]};
  unsigned threads = d[3] * d[4] * d[5];
  shared = (char*)::operator new(bytes + 64, alignment);
  memset(shared, 0xCB, bytes);
  for (blockIdx.z = 0; blockIdx.z < d[2]; ++blockIdx.z)
    for (blockIdx.y = 0; blockIdx.y < d[1]; ++blockIdx.y)
      for (blockIdx.x = 0; blockIdx.x < d[0]; ++blockIdx.x)
        if (together)
          emulated_cuda_block(threads, enter, [](void* x) { (*(F*)x)(); }, &f);
        else
          for (unsigned t = 0; t < threads; ++t) {
            enter(t);
            f();
          }
  ::operator delete(shared, alignment);
}

template <class T>
using Plain = std::remove_cv_t<std::remove_reference_t<T>>;

template <class... A, size_t... I>
void run(bool together, void (*f)(A...), const unsigned* d, size_t bytes, void** given, std::index_sequence<I...>) {
  launch(together, d, bytes, [&] { f(*(Plain<A>*)given[I]...); });
}
template <class... A>
void run(bool together, void (*f)(A...), const unsigned* d, size_t bytes, void** given) {
  run(together, f, d, bytes, given, std::index_sequence_for<A...>{});
}

template <class... A>
const size_t* sizes(void (*)(A...)) {
  static const size_t found[] = {sizeof(A)..., 0};
  return found;
}
}  // namespace emulated_cuda

// What the driver looks up by the name of a kernel: how to launch it, and the sizes of its arguments.
#define EMULATED_KERNEL(together, name, ...)                                            \
  extern "C" void name##__launch(const unsigned* d, size_t bytes, void** given) {       \
    emulated_cuda::run(together, &__VA_ARGS__, d, bytes, given);                        \
  }                                                                                     \
  extern "C" const size_t* name##__sizes() { return emulated_cuda::sizes(&__VA_ARGS__); }
