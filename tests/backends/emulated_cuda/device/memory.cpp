// Memory of devices, which is main memory: it knows its device and its limit, starts as rubbish, and copies say where
// they go.
#include <cstdlib>
#include <cstring>
#include <map>
#include "state.h"

struct Block {
  size_t size;
  int device;
  bool host;
};
static std::map<char*, Block> blocks;
static size_t used[DEVICES];

// Enough of a block is filled with rubbish that a read before any write is seen; large ones would take their time.
const int RUBBISH = 0xCB;
const size_t FILLED = size_t(1) << 20;

static int allot(void** p, size_t n, bool host) {
  Lock lock(gate);
  *p = nullptr;
  if (!n) return cudaSuccess;
  if (!host && used[current_device] + n > TOTAL_MEMORY) return say(cudaErrorMemoryAllocation);
  if (posix_memalign(p, 512, n)) return say(cudaErrorMemoryAllocation);
  memset(*p, RUBBISH, n < FILLED ? n : FILLED);
  blocks[static_cast<char*>(*p)] = {n, current_device, host};
  if (!host) used[current_device] += n;
  return cudaSuccess;
}

static int freed(void* p) {
  Lock lock(gate);
  if (!p) return cudaSuccess;
  auto at = blocks.find(static_cast<char*>(p));
  if (at == blocks.end()) return say(cudaErrorInvalidValue);
  if (!at->second.host) used[at->second.device] -= at->second.size;
  blocks.erase(at);
  free(p);
  return cudaSuccess;
}

static Block* block_of(const void* p) {
  auto at = blocks.upper_bound(static_cast<char*>(const_cast<void*>(p)));
  if (at == blocks.begin()) return nullptr;
  --at;
  return static_cast<const char*>(p) < at->first + at->second.size ? &at->second : nullptr;
}

API int cudaMalloc(void** p, size_t n) { return allot(p, n, false); }
API int cudaMallocAsync(void** p, size_t n, void*) { return allot(p, n, false); }
API int cudaMallocManaged(void** p, size_t n, unsigned) { return allot(p, n, false); }
API int cudaHostAlloc(void** p, size_t n, unsigned) { return allot(p, n, true); }
API int cudaFree(void* p) { return freed(p); }
API int cudaFreeAsync(void* p, void*) { return freed(p); }
API int cudaFreeHost(void* p) { return freed(p); }

API int cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  *total_bytes = TOTAL_MEMORY;
  *free_bytes = TOTAL_MEMORY - used[current_device];
  return cudaSuccess;
}

static bool on_device(const void* p) {
  auto block = block_of(p);
  return block && !block->host;
}

// A copy that names a device's side must find device memory there: the mistake would pass unseen in main memory.
static int copied(void* to, const void* from, size_t n, int kind, void* stream) {
  {
    Lock lock(gate);
    bool into = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    bool out_of = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    if (n && ((into && !on_device(to)) || (out_of && !on_device(from)))) return say(cudaErrorInvalidValue);
  }
  return submit(stream, [=] { memmove(to, from, n); });
}

API int cudaMemcpy(void* to, const void* from, size_t n, int kind) { return copied(to, from, n, kind, nullptr); }
API int cudaMemcpyAsync(void* to, const void* from, size_t n, int kind, void* stream) {
  return copied(to, from, n, kind, stream);
}
API int cudaMemcpyPeer(void* to, int, const void* from, int, size_t n) {
  return copied(to, from, n, cudaMemcpyDefault, nullptr);
}
API int cudaMemcpyPeerAsync(void* to, int, const void* from, int, size_t n, void* stream) {
  return copied(to, from, n, cudaMemcpyDefault, stream);
}
API int cudaMemsetAsync(void* to, int byte, size_t n, void* stream) {
  return submit(stream, [=] { memset(to, byte, n); });
}
API int cudaMemset(void* to, int byte, size_t n) { return cudaMemsetAsync(to, byte, n, nullptr); }

API int cudaPointerGetAttributes(PointerAttributes* found, const void* p) {
  Lock lock(gate);
  auto block = block_of(p);
  *found = {};
  found->type = !block ? cudaMemoryTypeUnregistered : block->host ? cudaMemoryTypeHost : cudaMemoryTypeDevice;
  found->device = block ? block->device : -2;
  found->devicePointer = block ? const_cast<void*>(p) : nullptr;
  found->hostPointer = block && block->host ? const_cast<void*>(p) : nullptr;
  return cudaSuccess;
}
