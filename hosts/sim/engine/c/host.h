/* Shared by the host's files. machine.ts is the other side of every import and export. */
#ifndef __HOST__
#define __HOST__

#include "xsAll.h"
#include "xsScript.h"

#define import(NAME) __attribute__((import_module("host"), import_name(#NAME)))
#define export(NAME) __attribute__((export_name(#NAME)))

/* Length of the resolved name put into `out`, or -1 when there is no such module. */
import(find) int portFind(const char* specifier, int length, const char* importer, int importerLength, char* out, int size);
/* A malloc'ed block, freed here: the source's length in bytes (u32), then its UTF-8. 0 when there is none. */
import(load) unsigned char* portLoad(const char* name, int length);
import(call) int portCall(int op, int a, int b, int c, int d);
import(bytes) int portBytes(int op, int a, unsigned char* address, int length);
import(print) void portPrint(const char* text, int length);
import(violation) void portViolation(const char* path, int length, int kind);

/* How an entry ended. From hostAborted on: an abort, plus its XS_..._EXIT. */
enum { hostDone = 0, hostUncaught = 1, hostAborted = 100 };

extern txMachine* hostMachine;
extern int hostResult;        /* the integer that the running entry gives */
extern txCreation hostDevice; /* the sizes that the manifest gives the device */
extern txSize hostFlashStack; /* stack slots that hold intrinsics, which are in flash on the device */

/* Runs `body` guarded against exceptions and aborts, then promise jobs; says how it ended. */
int hostEnter(void (*body)(txMachine*));
/* Keeps what was thrown, in mxException, for textOf; a fault of the running entry. */
void hostFail(txMachine* the);
/* What the machine holds now becomes the baseline of the counters. */
void hostMeasure(txMachine* the);

/* arena.c */
txBoolean arenaMake(txSize staticSize);
txSize arenaFree(void);
void arenaSeal(txMachine* the);

/* globals.c */
void globalsDefine(txMachine* the);

/* modules.c */
void moduleEntryEnds(void);

/* flash.c: as Object.isFrozen. */
txBoolean flashFrozen(txSlot* instance);

#define forEachSlot(HEAP, SLOT) \
	for (HEAP = the->firstHeap; HEAP; HEAP = HEAP->next) \
		for (SLOT = HEAP + 1; SLOT < HEAP->value.reference; SLOT++)

/* Items of an array's chunk, each a slot whose `next` holds its index. */
static inline txIndex arrayItemCount(txSlot* array)
{
	txByte* items = (txByte*)array->value.array.address;
	return items ? (((txChunk*)(items - sizeof(txChunk)))->size - sizeof(txChunk)) / sizeof(txSlot) : 0;
}

#endif
