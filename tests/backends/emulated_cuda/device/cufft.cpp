// Fourier transforms by their definition, one axis after the other, under the names of cuFFT.
#include <cmath>
#include <complex>
#include <map>
#include <type_traits>
#include "state.h"

using Complex = std::complex<float>;
using Complex128 = std::complex<double>;
using Index = std::vector<long long>;

enum Type { REAL_TO_COMPLEX = 0x2a, COMPLEX_TO_REAL = 0x2c, REAL_TO_COMPLEX_64 = 0x6a, COMPLEX_TO_REAL_64 = 0x6c };

// Where the entries of one side lie: the lengths in memory, and the steps from entry to entry and batch to batch.
struct Layout {
  Index embedded;
  long long stride = 1, distance = 0;

  long long place(const Index& index) const {
    long long at = 0;
    for (size_t k = 0; k < index.size(); ++k) at = at * embedded[k] + index[k];
    return at * stride;
  }
};

struct Plan {
  void* stream = nullptr;
  Index lengths;
  long long batch = 1;
  Layout in, out;

  long long total() const {
    long long n = 1;
    for (auto length : lengths) n *= length;
    return n;
  }
  Index index(long long number) const {
    Index found(lengths.size());
    for (size_t k = lengths.size(); k--; number /= lengths[k]) found[k] = number % lengths[k];
    return found;
  }
  // Complex sides of real transforms hold half of the last axis: the rest is conjugate to it.
  bool stored(const Index& index) const { return index.back() <= lengths.back() / 2; }
  Index mirrored(Index index) const {
    for (size_t k = 0; k < index.size(); ++k) index[k] = (lengths[k] - index[k]) % lengths[k];
    return index;
  }
};
static std::map<int, Plan> plans;
static int made = 0;

API int cufftCreate(int* p) {
  Lock lock(gate);
  *p = ++made;
  plans[made] = {};
  return cudaSuccess;
}
API int cufftDestroy(int p) {
  Lock lock(gate);
  plans.erase(p);
  return cudaSuccess;
}
API int cufftSetAutoAllocation(int, int) { return cudaSuccess; }
API int cufftSetWorkArea(int, void*) { return cudaSuccess; }
API int cufftSetStream(int p, void* stream) {
  Lock lock(gate);
  plans[p].stream = stream;
  return cudaSuccess;
}
API int cufftGetVersion(int* version) {
  *version = 12000;
  return cudaSuccess;
}

// Without lengths in memory the side is contiguous, and the given steps count nothing.
static Layout layout(const Index& lengths, const int* embedded, int stride, int distance, bool halved) {
  if (embedded) return {Index(embedded, embedded + lengths.size()), stride, distance};
  Layout packed{lengths, 1, 1};
  if (halved) packed.embedded.back() = lengths.back() / 2 + 1;
  for (auto n : packed.embedded) packed.distance *= n;
  return packed;
}

API int cufftMakePlanMany(int p, int rank, int* n, int* in, int in_stride, int in_distance, int* out, int out_stride,
                          int out_distance, int type, int batch, size_t* work) {
  Lock lock(gate);
  auto& plan = plans[p];
  plan.lengths.assign(n, n + rank);
  plan.batch = batch;
  bool from_half = type == COMPLEX_TO_REAL || type == COMPLEX_TO_REAL_64;
  bool to_half = type == REAL_TO_COMPLEX || type == REAL_TO_COMPLEX_64;
  plan.in = layout(plan.lengths, in, in_stride, in_distance, from_half);
  plan.out = layout(plan.lengths, out, out_stride, out_distance, to_half);
  *work = 0;
  return cudaSuccess;
}
API int cufftMakePlan1d(int p, int n, int type, int batch, size_t* work) {
  return cufftMakePlanMany(p, 1, &n, nullptr, 1, n, nullptr, 1, n, type, batch, work);
}

static std::vector<Complex128> transformed(const std::vector<Complex128>& x, int direction) {
  size_t n = x.size();
  std::vector<Complex128> y(n), roots(n);
  for (size_t k = 0; k < n; ++k) roots[k] = std::polar(1.0, direction * 2 * M_PI * k / n);
  for (size_t k = 0; k < n; ++k)
    for (size_t j = 0; j < n; ++j) y[k] += x[j] * roots[j * k % n];
  return y;
}

static void transform_axis(const Plan& plan, size_t axis, std::vector<Complex128>& x, int direction) {
  long long n = plan.lengths[axis], inner = 1;
  for (size_t l = axis + 1; l < plan.lengths.size(); ++l) inner *= plan.lengths[l];
  for (long long other = 0; other < plan.total() / n; ++other) {
    long long start = other / inner * inner * n + other % inner;
    std::vector<Complex128> line(n);
    for (long long j = 0; j < n; ++j) line[j] = x[start + j * inner];
    line = transformed(line, direction);
    for (long long j = 0; j < n; ++j) x[start + j * inner] = line[j];
  }
}

template <class In, class Out>
std::vector<Complex128> gathered(const Plan& plan, const In* in) {
  std::vector<Complex128> x(plan.total());
  for (long long number = 0; number < plan.total(); ++number) {
    auto index = plan.index(number);
    bool there = !std::is_floating_point_v<Out> || plan.stored(index);
    auto entry = Complex128(in[plan.in.place(there ? index : plan.mirrored(index))]);
    x[number] = there ? entry : std::conj(entry);
  }
  return x;
}

template <class In, class Out>
void scattered(const Plan& plan, const std::vector<Complex128>& x, Out* out) {
  for (long long number = 0; number < plan.total(); ++number) {
    auto index = plan.index(number);
    if constexpr (std::is_floating_point_v<Out>)
      out[plan.out.place(index)] = x[number].real();
    else if (!std::is_floating_point_v<In> || plan.stored(index))
      out[plan.out.place(index)] = Out(x[number]);
  }
}

// All batches are read before any is written: a transform may work in place.
template <class In, class Out>
int transform(int p, const In* in, Out* out, int direction) {
  Lock lock(gate);
  return submit(plans[p].stream, [=, plan = plans[p]] {
    std::vector<std::vector<Complex128>> all;
    for (long long b = 0; b < plan.batch; ++b) all.push_back(gathered<In, Out>(plan, in + b * plan.in.distance));
    for (long long b = 0; b < plan.batch; ++b) {
      for (size_t axis = 0; axis < plan.lengths.size(); ++axis) transform_axis(plan, axis, all[b], direction);
      scattered<In, Out>(plan, all[b], out + b * plan.out.distance);
    }
  });
}

API int cufftExecC2C(int p, Complex* in, Complex* out, int direction) { return transform(p, in, out, direction); }
API int cufftExecZ2Z(int p, Complex128* in, Complex128* out, int direction) { return transform(p, in, out, direction); }
API int cufftExecR2C(int p, float* in, Complex* out) { return transform(p, in, out, -1); }
API int cufftExecD2Z(int p, double* in, Complex128* out) { return transform(p, in, out, -1); }
API int cufftExecC2R(int p, Complex* in, float* out) { return transform(p, in, out, 1); }
API int cufftExecZ2D(int p, Complex128* in, double* out) { return transform(p, in, out, 1); }
