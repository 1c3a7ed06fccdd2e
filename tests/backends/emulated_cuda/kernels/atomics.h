// Atomic operations, which are plain ones: one thread runs at a time, and only a barrier interrupts it.
#pragma once

#define EMULATED_ATOMIC(name, T, value) \
  inline T name(T* p, T x) {            \
    T old = *p;                         \
    *p = value;                         \
    return old;                         \
  }
#define EMULATED_ATOMICS(name, value)   \
  EMULATED_ATOMIC(name, int, value)      \
  EMULATED_ATOMIC(name, unsigned, value) \
  EMULATED_ATOMIC(name, unsigned long long, value)

EMULATED_ATOMICS(atomicAdd, old + x)
EMULATED_ATOMIC(atomicAdd, float, old + x)
EMULATED_ATOMIC(atomicAdd, double, old + x)
EMULATED_ATOMICS(atomicMin, old < x ? old : x)
EMULATED_ATOMIC(atomicMin, long long, old < x ? old : x)
EMULATED_ATOMICS(atomicMax, old > x ? old : x)
EMULATED_ATOMIC(atomicMax, long long, old > x ? old : x)
EMULATED_ATOMICS(atomicExch, x)
EMULATED_ATOMIC(atomicExch, float, x)
EMULATED_ATOMICS(atomicAnd, old & x)
EMULATED_ATOMICS(atomicOr, old | x)
EMULATED_ATOMICS(atomicXor, old ^ x)
inline int atomicSub(int* p, int x) { return atomicAdd(p, -x); }
inline unsigned atomicSub(unsigned* p, unsigned x) { return atomicAdd(p, 0u - x); }

#define EMULATED_SWAP(T)                       \
  inline T atomicCAS(T* p, T compare, T value) { \
    T old = *p;                                 \
    if (old == compare) *p = value;             \
    return old;                                 \
  }
EMULATED_SWAP(int)
EMULATED_SWAP(unsigned)
EMULATED_SWAP(unsigned long long)
EMULATED_SWAP(unsigned short)
