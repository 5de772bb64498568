/* What XS asks of a platform (xsPlatform.h includes this through XSPLATFORM): WebAssembly with WASI's C library. */
#ifndef __PLATFORM_WASM__
#define __PLATFORM_WASM__

#undef mxWasm
#define mxWasm 1

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* WASI has no <arpa/inet.h>; WebAssembly is little-endian. */
#define htons(X) ((uint16_t)__builtin_bswap16((uint16_t)(X)))
#define ntohs(X) ((uint16_t)__builtin_bswap16((uint16_t)(X)))
#define htonl(X) ((uint32_t)__builtin_bswap32((uint32_t)(X)))
#define ntohl(X) ((uint32_t)__builtin_bswap32((uint32_t)(X)))

/* Fields that the host adds to txMachine. The first three are named by xsAtomics.c. */
#define mxMachinePlatform \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink; \
	int promiseJobsQueued;

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#ifdef mxDebug
#define mxUseDefaultDebug 1 /* errors get stacks; no debugger is ever connected */
#endif

#endif
