// In place of NVIDIA's header of this name: half precision as the host's compiler has it.
#pragma once
struct __half_raw {
  unsigned short x;
};
struct half {
  _Float16 value;
  half() {}
  half(float x) : value(_Float16(x)) {}
  half(const __half_raw& raw) : value(emulated_cuda::bits<_Float16>(raw.x)) {}
  explicit half(double x) : value(_Float16(x)) {}
  explicit half(bool x) : value(x) {}
  explicit half(int x) : value(x) {}
  explicit half(unsigned x) : value(x) {}
  explicit half(long long x) : value(x) {}
  explicit half(unsigned long long x) : value(x) {}
  operator float() const { return float(value); }
  operator __half_raw() const { return {emulated_cuda::bits<unsigned short>(value)}; }
};
inline unsigned short __half_as_ushort(half x) { return emulated_cuda::bits<unsigned short>(x.value); }
inline half __ushort_as_half(unsigned short x) { return half(__half_raw{x}); }
