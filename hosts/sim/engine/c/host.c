/*
 * The host of one XS machine in one WebAssembly instance: life, guarded entries, globals of the JS world, counters.
 *
 * fxAbort never returns: it jumps to the outermost txJump. So every export that runs XS sets one around all it does
 * (hostEnter) and must not be called again from inside an import.
 */
#include "host.h"

txMachine* hostMachine;
int hostResult;
txCreation hostDevice;
txSize hostFlashStack;

static int abortStatus;
static txBoolean failed;
static char text[3][4096];    /* name, message and stack of what was thrown, each ends with 0 */
static txU4 meterLimit;       /* units that one entry may use */
static double meterBefore;    /* units of earlier entries; XS's own count starts at 0 in each, so it never wraps */
static double collections;    /* XS counts in 16 bits */
static txU2 collectionsSeen;
static txID idHostEvent;
static struct { txSize slots, chunkBytes, keys; } baseline;

/* --- what XS asks for ---------------------------------------------------------------------------------------------- */

void fxCreateMachinePlatform(txMachine* the)
{
	hostMachine = the; /* fxAbort may be called while fxCreateMachine still runs */
}

void fxDeleteMachinePlatform(txMachine* the)
{
}

void fxQueuePromiseJobs(txMachine* the)
{
	the->promiseJobsQueued = 1;
}

void fxAbort(txMachine* the, int status)
{
	abortStatus = status;
	fxExitToHost(the);
}

static txBoolean stopComputing(txMachine* the, txU4 index)
{
	return 0; /* fxCheckMetering then aborts: too much computation */
}

/* --- guarded entries ----------------------------------------------------------------------------------------------- */

/* Up to the whole UTF-8 characters that fit. */
static void keepText(txMachine* the, int which, txSlot* slot)
{
	txString string = fxToString(the, slot);
	size_t length = c_strlen(string);
	if (length > sizeof(text[0]) - 1) {
		length = sizeof(text[0]) - 1;
		while (length && ((string[length] & 0xC0) == 0x80))
			length--;
	}
	c_memcpy(text[which], string, length);
	text[which][length] = 0;
}

/* Puts what was thrown into `text`. Its getters may throw in turn: then what has been read so far stays. */
static void describe(txMachine* the)
{
	static const txID ids[3] = { mxID(_name), mxID(_message), mxID(_stack) };
	int i;
	for (i = 0; i < 3; i++)
		text[i][0] = 0;
	mxPush(mxException);
	{
		mxTry(the) {
			if (mxIsReference(the->stack) && !mxIsFunction(the->stack->value.reference)) {
				for (i = 0; i < 3; i++) {
					mxDub();
					fxGetID(the, ids[i]);
					if (the->stack->kind != XS_UNDEFINED_KIND)
						keepText(the, i, the->stack);
					mxPop();
				}
			}
			else
				keepText(the, 1, the->stack);
		}
		mxCatch(the) {
		}
	}
	mxPop();
	mxException = mxUndefined;
}

void hostFail(txMachine* the)
{
	failed = 1;
	describe(the);
}

static void settlePromises(txMachine* the)
{
	while (the->promiseJobsQueued) {
		the->promiseJobsQueued = 0;
		fxRunPromiseJobs(the);
	}
	/* XS itself notices an unhandled rejection only when the promise is collected, and then aborts: do it at once. */
	fxCheckUnhandledRejections(the, 1);
}

static int enterOnce(void (*body)(txMachine*))
{
	txMachine* the = hostMachine;
	txJump outermost;
	volatile int status = hostDone;
	outermost.nextJump = C_NULL;
	outermost.stack = the->stack;
	outermost.scope = the->scope;
	outermost.frame = the->frame;
	outermost.environment = C_NULL;
	outermost.code = the->code;
	outermost.flag = 0;
	the->firstJump = &outermost;
	hostResult = 0;
	failed = 0;
	meterBefore += the->meterIndex;
	fxBeginMetering(the, stopComputing, meterLimit);
	if (c_setjmp(outermost.buffer) == 0) {
		fxBeginHost(the);
		{
			mxTry(the) {
				(*body)(the);
				settlePromises(the);
				if (failed)
					status = hostUncaught;
			}
			mxCatch(the) {
				status = hostUncaught;
				describe(the);
			}
		}
		fxEndHost(the);
	}
	else {
		the->stack = outermost.stack;
		the->scope = outermost.scope;
		the->frame = outermost.frame;
		the->code = outermost.code;
		status = hostAborted + abortStatus;
	}
	the->meterInterval = 0;
	the->firstJump = C_NULL;
	moduleEntryEnds();
	collections += (txU2)(the->garbageCollectionCount - collectionsSeen);
	collectionsSeen = the->garbageCollectionCount;
	return status;
}

static void bodyDescribe(txMachine* the)
{
	describe(the);
}

int hostEnter(void (*body)(txMachine*))
{
	int status = enterOnce(body);
	if (status == hostAborted + XS_UNHANDLED_REJECTION_EXIT || status == hostAborted + XS_UNHANDLED_EXCEPTION_EXIT)
		enterOnce(bodyDescribe); /* the reason lies in mxException; whether reading it works or not, the status stays */
	return status;
}

/* --- exports ------------------------------------------------------------------------------------------------------- */

void hostMeasure(txMachine* the)
{
	fxCollectGarbage(the);
	baseline.slots = the->currentHeapCount;
	baseline.chunkBytes = the->currentChunksSize;
	baseline.keys = the->keyIndex;
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
	the->stackPeak = the->stack;
	the->peakParserSize = 0;
}

static void bodyCreate(txMachine* the)
{
	globalsDefine(the);
	idHostEvent = fxNewNameC(the, "hostEvent");
	hostMeasure(the);
}

export(create) int create(int staticSize, int chunkInitial, int chunkIncremental, int heapInitial, int heapIncremental,
	int stack, int keysInitial, int keysIncremental, unsigned meter)
{
	txCreation roomy;
	/* The device's stack holds the engine's own values but not the intrinsics, which are in flash. */
	hostFlashStack = mxStackIndexCount - (mxInstanceInspectorsStackIndex + 1);
	hostDevice.initialChunkSize = chunkInitial;
	hostDevice.incrementalChunkSize = chunkIncremental;
	hostDevice.initialHeapCount = heapInitial;
	hostDevice.incrementalHeapCount = heapIncremental;
	hostDevice.stackCount = stack + hostFlashStack;
	hostDevice.initialKeyCount = keysInitial;
	hostDevice.incrementalKeyCount = keysIncremental;
	hostDevice.nameModulo = 127;
	hostDevice.symbolModulo = 127;
	hostDevice.parserBufferSize = 1024;
	hostDevice.parserTableModulo = 127;
	hostDevice.staticSize = staticSize;
	meterLimit = meter;
	if (!arenaMake(staticSize))
		return hostAborted + XS_NOT_ENOUGH_MEMORY_EXIT;
	/* Until the flash is sealed there is room for what the device has in there. */
	roomy = hostDevice;
	roomy.initialChunkSize = 16384;
	roomy.initialHeapCount = 4096;
	roomy.initialKeyCount = XS_ID_COUNT + 64;
	roomy.incrementalKeyCount = 64;
	fxCreateMachine(&roomy, "band", C_NULL, XS_NO_ID);
	if (!hostMachine || abortStatus)
		return hostAborted + (abortStatus ? abortStatus : XS_NOT_ENOUGH_MEMORY_EXIT);
	return hostEnter(bodyCreate);
}

static int eventSource;

static void bodyDispatch(txMachine* the)
{
	mxPush(mxGlobal);
	mxDub();
	fxGetID(the, idHostEvent);
	mxCall();
	mxPushInteger(eventSource);
	mxRunCount(1);
	if (the->stack->kind == XS_INTEGER_KIND)
		hostResult = the->stack->value.integer;
	mxPop();
}

export(dispatch) int dispatch(int source)
{
	eventSource = source;
	return hostEnter(bodyDispatch);
}

static void bodyCollect(txMachine* the)
{
	fxCollectGarbage(the);
}

export(collectGarbage) int collectGarbage(void)
{
	return hostEnter(bodyCollect);
}

export(resultOf) int resultOf(void)
{
	return hostResult;
}

/* Name 0, message 1, stack 2 of what was thrown, ends with 0. */
export(textOf) const char* textOf(int which)
{
	return text[which];
}

export(setMeterLimit) void setMeterLimit(unsigned units)
{
	meterLimit = units;
}

/* Fills and returns an array in the order of counters.ts's ORDER. Runs no JS, allocates nothing. */
export(counters) const double* counters(void)
{
	static double values[18];
	txMachine* the = hostMachine;
	double* value = values;
	*value++ = the->currentHeapCount;
	*value++ = the->maximumHeapCount;
	*value++ = the->peakHeapCount;
	*value++ = the->currentChunksSize;
	*value++ = the->maximumChunksSize;
	*value++ = the->peakChunksSize;
	*value++ = collections + (txU2)(the->garbageCollectionCount - collectionsSeen);
	*value++ = (double)(the->stackTop - the->stackPeak) - hostFlashStack;
	*value++ = (double)(the->stackTop - the->stackBottom) - hostFlashStack;
	*value++ = the->keyIndex;
	*value++ = meterBefore + the->meterIndex;
	*value++ = the->floatingPointOps;
	*value++ = arenaFree();
	*value++ = the->peakParserSize;
	*value++ = baseline.slots;
	*value++ = baseline.chunkBytes;
	*value++ = baseline.keys;
	*value++ = sizeof(txSlot);
	return values;
}
