// Functions of numbers that CUDA has and C++ has not, or has for fewer pairs of types.
#pragma once

template <class A, class B>
using EmulatedCommon = std::enable_if_t<std::is_arithmetic_v<A> && std::is_arithmetic_v<B>, std::common_type_t<A, B>>;

template <class A, class B, class C = EmulatedCommon<A, B>>
inline C min(A a, B b) {
  if constexpr (std::is_floating_point_v<C>) return std::fmin(C(a), C(b));
  return C(b) < C(a) ? C(b) : C(a);
}
template <class A, class B, class C = EmulatedCommon<A, B>>
inline C max(A a, B b) {
  if constexpr (std::is_floating_point_v<C>) return std::fmax(C(a), C(b));
  return C(a) < C(b) ? C(b) : C(a);
}

inline float rsqrt(float x) { return 1 / std::sqrt(x); }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }
inline float rsqrtf(float x) { return 1 / std::sqrt(x); }

inline int __clz(int x) { return x ? __builtin_clz(x) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll(x) : 64; }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
template <class T>
T __ldg(const T* p) {
  return *p;
}
inline void __trap() { __builtin_trap(); }

inline int __float_as_int(float x) { return emulated_cuda::bits<int>(x); }
inline unsigned __float_as_uint(float x) { return emulated_cuda::bits<unsigned>(x); }
inline float __int_as_float(int x) { return emulated_cuda::bits<float>(x); }
inline float __uint_as_float(unsigned x) { return emulated_cuda::bits<float>(x); }
inline long long __double_as_longlong(double x) { return emulated_cuda::bits<long long>(x); }
inline double __longlong_as_double(long long x) { return emulated_cuda::bits<double>(x); }
inline int __double2hiint(double x) { return int(emulated_cuda::bits<unsigned long long>(x) >> 32); }
inline int __double2loint(double x) { return int(emulated_cuda::bits<unsigned long long>(x)); }
inline double __hiloint2double(int high, int low) {
  return emulated_cuda::bits<double>((unsigned long long)(unsigned)high << 32 | (unsigned)low);
}
inline unsigned short __float2half_rn(float x) { return emulated_cuda::bits<unsigned short>(_Float16(x)); }
inline float __half2float(unsigned short x) { return float(emulated_cuda::bits<_Float16>(x)); }
