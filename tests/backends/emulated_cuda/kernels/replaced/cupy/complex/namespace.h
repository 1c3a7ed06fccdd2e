// In place of CuPy's header of this name, which takes these words from CUDA's core libraries.
#pragma once
#define THRUST_NAMESPACE_BEGIN namespace thrust {
#define THRUST_NAMESPACE_END }
