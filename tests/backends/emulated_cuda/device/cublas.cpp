// Products of matrices by their definition, under the names of cuBLAS. Matrices are stored by columns.
#include <complex>
#include <type_traits>
#include "state.h"

using Complex = std::complex<float>;
using Complex128 = std::complex<double>;
using Half = _Float16;
using Int = int;
using Long = long long;

const int CUBLAS_STATUS_NOT_SUPPORTED = 15;
enum Operation { PLAIN = 0, TRANSPOSED = 1, ADJOINT = 2 };
enum DataType { CUDA_R_32F = 0, CUDA_R_64F = 1, CUDA_R_16F = 2, CUDA_C_32F = 4, CUDA_C_64F = 5 };
enum ComputeType { CUBLAS_COMPUTE_16F = 64, CUBLAS_COMPUTE_16F_PEDANTIC = 65, CUBLAS_COMPUTE_32F = 68 };

struct Handle {
  void* stream = nullptr;
  int scalars_on_device = 0;
  int math = 0;
};
API int cublasCreate_v2(Handle** h) {
  *h = new Handle;
  return cudaSuccess;
}
API int cublasDestroy_v2(Handle* h) {
  delete h;
  return cudaSuccess;
}
API int cublasGetVersion_v2(Handle*, int* version) {
  *version = 130000;
  return cudaSuccess;
}
#define SETTING(Name, Type, field)                   \
  API int cublasSet##Name(Handle* h, Type value) {   \
    h->field = value;                                \
    return cudaSuccess;                              \
  }                                                  \
  API int cublasGet##Name(Handle* h, Type* value) {  \
    *value = h->field;                               \
    return cudaSuccess;                              \
  }
SETTING(Stream_v2, void*, stream)
SETTING(PointerMode_v2, int, scalars_on_device)
SETTING(MathMode, int, math)
API int cublasSetWorkspace_v2(Handle*, void*, size_t) { return cudaSuccess; }

// Scalars of the host are read when the call is made, those of a device when it runs.
template <class S>
std::function<S()> scalar(Handle* h, const S* place) {
  if (h->scalars_on_device) return [=] { return *place; };
  return [value = *place] { return value; };
}

template <class T>
T conjugate(T x) {
  if constexpr (std::is_same_v<T, Complex> || std::is_same_v<T, Complex128>) return std::conj(x);
  return x;
}

// A matrix in memory, or many of them at equal distances.
template <class T>
struct Matrix {
  T* start;
  Int leading;
  Int operation = PLAIN;
  Long stride = 0;

  std::remove_const_t<T> at(Int i, Int j) const {
    if (operation == PLAIN) return start[i + size_t(j) * leading];
    auto entry = start[j + size_t(i) * leading];
    return operation == ADJOINT ? conjugate(entry) : entry;
  }
  T& place(Int i, Int j) const { return start[i + size_t(j) * leading]; }
  Matrix number(Int q) const { return {start + q * stride, leading, operation, stride}; }
};

// What was there is not read where it counts nothing: it may be rubbish, and zero times NaN is NaN.
template <class S>
S scaled(S factor, S value) {
  return factor == S(0) ? S(0) : factor * value;
}

// c = alpha a b + beta c, with sums of kind S.
template <class S, class T, class R>
void multiply(Int m, Int n, Int inner, S alpha, Matrix<const T> a, Matrix<const T> b, S beta, Matrix<R> c) {
  for (Int j = 0; j < n; ++j)
    for (Int i = 0; i < m; ++i) {
      S sum = 0;
      for (Int l = 0; l < inner; ++l) sum += S(a.at(i, l)) * S(b.at(l, j));
      R& place = c.place(i, j);
      place = R(alpha * sum + scaled(beta, S(place)));
    }
}

template <class S, class T, class R>
int multiply_many(Handle* h, Int m, Int n, Int inner, const S* alpha, Matrix<const T> a, Matrix<const T> b,
                  const S* beta, Matrix<R> c, Int count) {
  auto x = scalar(h, alpha), y = scalar(h, beta);
  return submit(h->stream, [=] {
    for (Int q = 0; q < count; ++q) multiply<S, T, R>(m, n, inner, x(), a.number(q), b.number(q), y(), c.number(q));
  });
}

template <class T>
int multiply_listed(Handle* h, Int m, Int n, Int inner, const T* alpha, T** a, Int lda, Int ta, T** b, Int ldb, Int tb,
                    const T* beta, T** c, Int ldc, Int count) {
  auto x = scalar(h, alpha), y = scalar(h, beta);
  return submit(h->stream, [=] {
    for (Int q = 0; q < count; ++q)
      multiply<T, T, T>(m, n, inner, x(), {a[q], lda, ta}, {b[q], ldb, tb}, y(), {c[q], ldc});
  });
}

// w = alpha a v + beta w.
template <class T>
int apply(Handle* h, Int m, Int n, const T* alpha, Matrix<const T> a, T* v, Int step, const T* beta, T* w, Int to) {
  auto x = scalar(h, alpha), y = scalar(h, beta);
  Int rows = a.operation ? n : m, inner = a.operation ? m : n;
  return submit(h->stream, [=] {
    for (Int i = 0; i < rows; ++i) {
      T sum = 0;
      for (Int l = 0; l < inner; ++l) sum += a.at(i, l) * v[l * step];
      w[i * to] = x() * sum + scaled(y(), w[i * to]);
    }
  });
}

// c = alpha a + beta b.
template <class T>
int add(Handle* h, Int m, Int n, const T* alpha, Matrix<const T> a, const T* beta, Matrix<const T> b, Matrix<T> c) {
  auto x = scalar(h, alpha), y = scalar(h, beta);
  return submit(h->stream, [=] {
    auto term = [](T factor, Matrix<const T> of, Int i, Int j) { return factor == T(0) ? T(0) : factor * of.at(i, j); };
    for (Int j = 0; j < n; ++j)
      for (Int i = 0; i < m; ++i) c.place(i, j) = term(x(), a, i, j) + term(y(), b, i, j);
  });
}

#define ROUTINES(L, T)                                                                                                 \
  API int cublas##L##gemm_v2(Handle* h, Int ta, Int tb, Int m, Int n, Int k, T* x, T* a, Int lda, T* b, Int ldb, T* y, \
                             T* c, Int ldc) {                                                                          \
    return multiply_many<T, T, T>(h, m, n, k, x, {a, lda, ta}, {b, ldb, tb}, y, {c, ldc}, 1);                          \
  }                                                                                                                    \
  API int cublas##L##gemmBatched(Handle* h, Int ta, Int tb, Int m, Int n, Int k, T* x, T** a, Int lda, T** b, Int ldb, \
                                 T* y, T** c, Int ldc, Int count) {                                                    \
    return multiply_listed<T>(h, m, n, k, x, a, lda, ta, b, ldb, tb, y, c, ldc, count);                                \
  }                                                                                                                    \
  API int cublas##L##gemmStridedBatched(Handle* h, Int ta, Int tb, Int m, Int n, Int k, T* x, T* a, Int lda, Long sa,  \
                                        T* b, Int ldb, Long sb, T* y, T* c, Int ldc, Long sc, Int count) {             \
    return multiply_many<T, T, T>(h, m, n, k, x, {a, lda, ta, sa}, {b, ldb, tb, sb}, y, {c, ldc, PLAIN, sc}, count);   \
  }                                                                                                                    \
  API int cublas##L##gemv_v2(Handle* h, Int t, Int m, Int n, T* x, T* a, Int lda, T* v, Int step, T* y, T* w,          \
                             Int to) {                                                                                 \
    return apply<T>(h, m, n, x, {a, lda, t}, v, step, y, w, to);                                                       \
  }                                                                                                                    \
  API int cublas##L##geam(Handle* h, Int ta, Int tb, Int m, Int n, T* x, T* a, Int lda, T* y, T* b, Int ldb, T* c,     \
                          Int ldc) {                                                                                   \
    return add<T>(h, m, n, x, {a, lda, ta}, y, {b, ldb, tb}, {c, ldc});                                                \
  }
ROUTINES(S, float)
ROUTINES(D, double)
ROUTINES(C, Complex)
ROUTINES(Z, Complex128)

template <class T, class First>
int dot(Handle* h, Int n, T* x, Int step, T* y, Int other, T* found, First first) {
  return submit(h->stream, [=] {
    T sum = 0;
    for (Int k = 0; k < n; ++k) sum += first(x[k * step]) * y[k * other];
    *found = sum;
  });
}
#define DOT(name, T, first)                                                               \
  API int cublas##name##_v2(Handle* h, Int n, T* x, Int step, T* y, Int other, T* found) { \
    return dot(h, n, x, step, y, other, found, [](T entry) { return first(entry); });      \
  }
DOT(Sdot, float, )
DOT(Ddot, double, )
DOT(Cdotu, Complex, )
DOT(Zdotu, Complex128, )
DOT(Cdotc, Complex, std::conj)
DOT(Zdotc, Complex128, std::conj)

// Matrices of a kind that is told by a number.
struct Untyped {
  void* start;
  Int kind, leading, operation;
  Long stride;

  template <class T>
  Matrix<T> of() const {
    return {static_cast<T*>(start), leading, operation, stride};
  }
};

template <class S, class T, class R>
int multiply_as(Handle* h, Int m, Int n, Int k, void* x, Untyped a, Untyped b, void* y, Untyped c, Int count) {
  return multiply_many<S, T, R>(h, m, n, k, static_cast<S*>(x), a.of<const T>(), b.of<const T>(), static_cast<S*>(y),
                                c.of<R>(), count);
}

static int multiply_any(Handle* h, Int m, Int n, Int k, void* x, Untyped a, Untyped b, void* y, Untyped c, Int count,
                        Int compute) {
  if (compute == CUBLAS_COMPUTE_16F || compute == CUBLAS_COMPUTE_16F_PEDANTIC) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (a.kind != b.kind) return CUBLAS_STATUS_NOT_SUPPORTED;
  auto as = [&](auto run) { return run(h, m, n, k, x, a, b, y, c, count); };
  if (a.kind == CUDA_R_16F && c.kind == CUDA_R_32F) return as(multiply_as<float, Half, float>);
  if (a.kind != c.kind) return CUBLAS_STATUS_NOT_SUPPORTED;
  switch (a.kind) {
    case CUDA_R_16F:
      return as(multiply_as<float, Half, Half>);
    case CUDA_R_32F:
      return as(multiply_as<float, float, float>);
    case CUDA_R_64F:
      return as(multiply_as<double, double, double>);
    case CUDA_C_32F:
      return as(multiply_as<Complex, Complex, Complex>);
    case CUDA_C_64F:
      return as(multiply_as<Complex128, Complex128, Complex128>);
    default:
      return CUBLAS_STATUS_NOT_SUPPORTED;
  }
}

API int cublasGemmStridedBatchedEx(Handle* h, Int ta, Int tb, Int m, Int n, Int k, void* x, void* a, Int ka, Int lda,
                                   Long sa, void* b, Int kb, Int ldb, Long sb, void* y, void* c, Int kc, Int ldc,
                                   Long sc, Int count, Int compute, Int) {
  return multiply_any(h, m, n, k, x, {a, ka, lda, ta, sa}, {b, kb, ldb, tb, sb}, y, {c, kc, ldc, PLAIN, sc}, count,
                      compute);
}
API int cublasGemmEx(Handle* h, Int ta, Int tb, Int m, Int n, Int k, void* x, void* a, Int ka, Int lda, void* b, Int kb,
                     Int ldb, void* y, void* c, Int kc, Int ldc, Int compute, Int) {
  return multiply_any(h, m, n, k, x, {a, ka, lda, ta, 0}, {b, kb, ldb, tb, 0}, y, {c, kc, ldc, PLAIN, 0}, 1, compute);
}
API int cublasSgemmEx(Handle* h, Int ta, Int tb, Int m, Int n, Int k, void* x, void* a, Int ka, Int lda, void* b,
                      Int kb, Int ldb, void* y, void* c, Int kc, Int ldc) {
  return cublasGemmEx(h, ta, tb, m, n, k, x, a, ka, lda, b, kb, ldb, y, c, kc, ldc, CUBLAS_COMPUTE_32F, 0);
}
