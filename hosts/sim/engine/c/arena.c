/*
 * The heap's memory. As on the device, one arena holds it: chunks (byte code, strings, buffers) grow from its low end,
 * slots (16 bytes each) from its high end. When slots do not fit, chunks are compacted and the block's unused tail is
 * given back; then XS aborts with "memory full". Keys, name tables and parser buffers come from malloc, outside.
 *
 * The device keeps built-ins and preloaded modules in flash. Here they are in the arena, in extra room, until they are
 * sealed: from then on exactly the device's `static` bytes are left.
 */
#include "host.h"

extern void fxGrowSlots(txMachine* the, txSize count); /* xsMemory.c, in no header */

#define flashRoom (1 << 20)

static txByte* arenaLow;
static txByte* arenaHigh;
static txSize arenaWithheld; /* bytes between low and high that the device does not have */

txBoolean arenaMake(txSize staticSize)
{
	txByte* arena = c_malloc(staticSize + flashRoom);
	if (!arena)
		return 0;
	arenaLow = arena;
	arenaHigh = (txByte*)((size_t)(arena + staticSize + flashRoom) & ~(size_t)15);
	return 1;
}

txSize arenaFree(void)
{
	return (txSize)(arenaHigh - arenaLow) - arenaWithheld;
}

void* fxAllocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	txByte* bytes = arenaLow;
	txSize grow;
	if (!block) {
		size = (size + 7) & ~7;
		if (size > arenaFree())
			return C_NULL;
		arenaLow += size;
		return bytes;
	}
	/* The one block is extended in place, by what its free tail lacks. */
	grow = size - (txSize)sizeof(txBlock) - (txSize)(block->limit - block->current);
	if (grow < 0)
		grow = 0;
	grow = (grow + 7) & ~7;
	if (grow > arenaFree())
		return C_NULL;
	arenaLow += grow;
	/* fxGrowChunks is about to add `size` to both; it recognises the block by its limit. */
	block->limit = arenaLow - size;
	the->maximumChunksSize += grow - size;
	return block->limit;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
}

/* Gives the unused tail of the chunk block back to the gap. */
static void returnTail(txMachine* the)
{
	txBlock* block = the->firstBlock;
	txByte* end = block->current + ((8 - ((size_t)block->current & 7)) & 7);
	if (end < block->limit) {
		the->maximumChunksSize -= (txSize)(block->limit - end);
		block->limit = arenaLow = end;
	}
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	txSize size = count * (txSize)sizeof(txSlot);
	if (size > arenaFree() && the->firstBlock && the->firstHeap) {
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		returnTail(the);
	}
	if (size > arenaFree())
		return C_NULL;
	arenaHigh -= size;
	return (txSlot*)arenaHigh;
}

void fxFreeSlots(txMachine* the, void* slots)
{
}

/* Leaves exactly `static` bytes: free slots and free chunk bytes as the device has them at start, the rest between. */
void arenaSeal(txMachine* the)
{
	txSize available, spare;
	fxCollect(the, XS_COMPACT_FLAG);
	returnTail(the);
	spare = the->maximumHeapCount - the->currentHeapCount;
	if (spare < hostDevice.initialHeapCount)
		fxGrowSlots(the, hostDevice.initialHeapCount - spare);
	spare = the->maximumHeapCount - the->currentHeapCount;
	available = hostDevice.staticSize - (hostDevice.stackCount - hostFlashStack + spare) * (txSize)sizeof(txSlot);
	if (available < (hostDevice.initialChunkSize & ~7))
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	arenaWithheld = (txSize)(arenaHigh - arenaLow) - available;
	arenaLow += hostDevice.initialChunkSize & ~7;
	the->firstBlock->limit = arenaLow;
	the->maximumChunksSize += hostDevice.initialChunkSize & ~7;
}
