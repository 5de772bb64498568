/*
 * The host of one XS machine in one WebAssembly instance: everything that XS asks of a platform, and the exports that
 * machine.ts calls.
 *
 * Memory. As on the device, one arena holds the heap: chunks (byte code, strings, buffers) grow from its low end, slots
 * (16 bytes each) from its high end. When slots do not fit, chunks are compacted and the block's unused tail is given
 * back; then XS aborts with "memory full". Keys, name tables and parser buffers come from malloc, outside the arena.
 * The device keeps built-ins and preloaded modules in flash. Here they are in the arena until `sealFlash` has measured
 * them: from then on exactly `static` bytes are left, as on the device.
 *
 * Aborts. fxAbort never returns: it jumps to the outermost txJump. So every export that runs XS sets one around all it
 * does (`enter`) and must not be called again from inside an import.
 */
#include "xsAll.h"
#include "xsScript.h"

#define import(NAME) __attribute__((import_module("host"), import_name(#NAME)))
#define export(NAME) __attribute__((export_name(#NAME)))

/* Length of the resolved name put into `out`, or -1 when there is no such module. */
import(find) int hostFind(const char* specifier, int length, const char* importer, int importerLength, char* out, int size);
/* A malloc'ed block, freed here: the source's length in bytes (u32), then its UTF-8. 0 when there is none. */
import(load) unsigned char* hostLoad(const char* name, int length);
import(call) int hostCall(int op, int a, int b, int c, int d);
import(bytes) int hostBytes(int op, int a, unsigned char* address, int length);
import(print) void hostPrint(const char* text, int length);
import(violation) void hostViolation(const char* path, int length, int kind);

/* How an entry ended. Greater than `aborted`: an abort, less its XS_..._EXIT. machine.ts has the same numbers. */
enum { done = 0, uncaught = 1, aborted = 100 };

#define reserve (1 << 20)      /* room for what is flash on the device, until it is sealed */
static txMachine* machine;
extern void fxGrowSlots(txMachine* the, txSize count); /* xsMemory.c, in no header */

static txByte* arena;
static txByte* arenaLow;
static txByte* arenaHigh;
static txSize arenaWithheld;   /* bytes of the gap that the device does not have */
static txCreation creation;
static int abortStatus;
static int result;             /* the integer that the last entry gave */
static char text[3][4096];     /* name, message and stack of what was thrown, each ends with 0 */
static txU4 meterLimit;        /* units that one entry may use */
static double meterBefore;     /* units used by earlier entries; XS's own count starts at 0 in each, so it never wraps */
static double collections;     /* XS counts in 16 bits */
static txU2 collectionsSeen;
static int importing;          /* the running entry is importModule */
static int importFailed;
static txID idHostEvent;
static char* input;            /* the argument of an entry that takes text; its length in bytes */
static int inputLength;
static struct { txSize slots, chunkBytes, keys, stack; } baseline;

/* --- what XS asks for: memory ------------------------------------------------------------------------------------ */

static txSize gap(void)
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
		if (size > gap())
			return C_NULL;
		arenaLow += size;
		return bytes;
	}
	/* The one block is extended in place, by what its free tail lacks. */
	grow = size - (txSize)sizeof(txBlock) - (txSize)(block->limit - block->current);
	if (grow < 0)
		grow = 0;
	grow = (grow + 7) & ~7;
	if (grow > gap())
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
	if (size > gap() && the->firstBlock && the->firstHeap) {
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		returnTail(the);
	}
	if (size > gap())
		return C_NULL;
	arenaHigh -= size;
	return (txSlot*)arenaHigh;
}

void fxFreeSlots(txMachine* the, void* slots)
{
}

/* --- what XS asks for: the rest ---------------------------------------------------------------------------------- */

void fxCreateMachinePlatform(txMachine* the)
{
	machine = the; /* fxAbort may be called while fxCreateMachine still runs */
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

txID fxFindModule(txMachine* the, txSlot* realm, txID importerID, txSlot* slot)
{
	char name[C_PATH_MAX];
	txString specifier = fxToString(the, slot);
	txString importer = importerID == XS_NO_ID ? "" : fxGetKeyName(the, importerID);
	int length = hostFind(specifier, (int)c_strlen(specifier), importer, (int)c_strlen(importer), name, sizeof(name) - 1);
	if (length < 0)
		return XS_NO_ID; /* XS throws: module not found */
	name[length] = 0;
	return fxNewNameC(the, name);
}

/* Parses a module (flags 0) or a program (mxProgramFlag). A syntax error becomes code that throws it. */
static txScript* parse(txMachine* the, txString path, void* source, txSize size, txUnsigned flags)
{
	txParser parserStorage;
	txParser* parser = &parserStorage;
	txParserJump jump;
	txScript* script = C_NULL;
	txStringCStream stream = { source, 0, size };
#ifdef mxDebug
	flags |= mxDebugFlag; /* line numbers, for stacks */
#endif
	fxInitializeParser(parser, the, the->parserBufferSize, the->parserTableModulo);
	parser->firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser->path = fxNewParserSymbol(parser, path);
		fxParserTree(parser, &stream, fxStringCGetter, flags, NULL);
		fxParserHoist(parser);
		fxParserBind(parser);
		script = fxParserCode(parser);
	}
	if (the->peakParserSize < parser->total)
		the->peakParserSize = parser->total;
	fxTerminateParser(parser);
	if (!script)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT); /* nothing else ends the parser without a script */
	return script;
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	txString name = fxGetKeyName(the, moduleID);
	unsigned char* source = hostLoad(name, (int)c_strlen(name));
	txScript* script;
	txU4 size;
	if (!source)
		return; /* XS throws: no module */
	c_memcpy(&size, source, sizeof(size));
	script = parse(the, name, source + sizeof(size), (txSize)size, 0);
	c_free(source);
	fxResolveModule(the, module, moduleID, script, C_NULL, C_NULL);
}

static txBoolean stopComputing(txMachine* the, txU4 index)
{
	return 0; /* fxCheckMetering then aborts: too much computation */
}

/* --- globals of the JS world ------------------------------------------------------------------------------------- */

static txInteger argument(txMachine* the, txInteger index)
{
	return index < mxArgc ? fxToInteger(the, mxArgv(index)) : 0;
}

/* hostCall(op, a, b, c, d): integer */
static void jsCall(txMachine* the)
{
	txInteger value = hostCall(argument(the, 0), argument(the, 1), argument(the, 2), argument(the, 3), argument(the, 4));
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = value;
}

/* hostBytes(op, a, typedArray): integer. The address is taken anew in each call: a collection moves chunks. */
static void jsBytes(txMachine* the)
{
	txSlot* view = C_NULL;
	txSlot* buffer;
	txInteger value;
	if (mxArgc > 2 && mxArgv(2)->kind == XS_REFERENCE_KIND)
		view = mxArgv(2)->value.reference->next;
	if (!view || view->kind != XS_TYPED_ARRAY_KIND)
		mxTypeError("hostBytes: no typed array");
	view = view->next;
	buffer = view->next;
	value = hostBytes(argument(the, 0), argument(the, 1),
		(unsigned char*)buffer->value.reference->next->value.arrayBuffer.address + view->value.dataView.offset,
		fxGetDataViewSize(the, view, buffer));
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = value;
}

/* hostPrint(text) */
static void jsPrint(txMachine* the)
{
	if (mxArgc > 0) {
		txString string = fxToString(the, mxArgv(0));
		hostPrint(string, (int)c_strlen(string));
	}
}

/* hostCollect() */
static void jsCollect(txMachine* the)
{
	fxCollectGarbage(the);
}

static void defineGlobal(txMachine* the, txString name, txCallback callback, txInteger length)
{
	fxNewHostFunction(the, callback, length, XS_NO_ID, XS_NO_ID);
	mxPush(mxGlobal);
	fxDefineID(the, fxNewNameC(the, name), XS_DONT_ENUM_FLAG, XS_DONT_ENUM_FLAG);
	mxPop();
}

/* --- guarded entries --------------------------------------------------------------------------------------------- */

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

static void settlePromises(txMachine* the)
{
	while (the->promiseJobsQueued) {
		the->promiseJobsQueued = 0;
		fxRunPromiseJobs(the);
	}
	/* XS itself notices an unhandled rejection only when the promise is collected, and then aborts: do it at once. */
	fxCheckUnhandledRejections(the, 1);
}

static int enter(void (*body)(txMachine*))
{
	txMachine* the = machine;
	txJump outermost;
	volatile int status = done;
	outermost.nextJump = C_NULL;
	outermost.stack = the->stack;
	outermost.scope = the->scope;
	outermost.frame = the->frame;
	outermost.environment = C_NULL;
	outermost.code = the->code;
	outermost.flag = 0;
	the->firstJump = &outermost;
	result = 0;
	importFailed = 0;
	meterBefore += the->meterIndex;
	fxBeginMetering(the, stopComputing, meterLimit);
	if (c_setjmp(outermost.buffer) == 0) {
		fxBeginHost(the);
		{
			mxTry(the) {
				(*body)(the);
				settlePromises(the);
				if (importFailed)
					status = uncaught;
			}
			mxCatch(the) {
				status = uncaught;
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
		status = aborted + abortStatus;
	}
	the->meterInterval = 0;
	the->firstJump = C_NULL;
	importing = 0;
	collections += (txU2)(the->garbageCollectionCount - collectionsSeen);
	collectionsSeen = the->garbageCollectionCount;
	return status;
}

static void bodyDescribe(txMachine* the)
{
	describe(the);
}

static int entry(void (*body)(txMachine*))
{
	int status = enter(body);
	if (status == aborted + XS_UNHANDLED_REJECTION_EXIT || status == aborted + XS_UNHANDLED_EXCEPTION_EXIT)
		enter(bodyDescribe); /* the reason lies in mxException; whether reading it works or not, the status stays */
	return status;
}

/* --- exports: life --------------------------------------------------------------------------------------- */

/* What the machine holds now is the baseline: on the device it is in flash. */
static void measure(txMachine* the)
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
	defineGlobal(the, "hostCall", jsCall, 5);
	defineGlobal(the, "hostBytes", jsBytes, 3);
	defineGlobal(the, "hostPrint", jsPrint, 1);
	defineGlobal(the, "hostCollect", jsCollect, 0);
	idHostEvent = fxNewNameC(the, "hostEvent");
	measure(the);
}

export(create) int create(int staticSize, int chunkInitial, int chunkIncremental, int heapInitial, int heapIncremental,
	int stack, int keysInitial, int keysIncremental, unsigned meter)
{
	/* The device's stack holds the engine's own values but not the intrinsics, which are in flash. */
	const txSize flashStack = mxStackIndexCount - (mxInstanceInspectorsStackIndex + 1);
	baseline.stack = flashStack;
	txCreation roomy;
	creation.initialChunkSize = chunkInitial;
	creation.incrementalChunkSize = chunkIncremental;
	creation.initialHeapCount = heapInitial;
	creation.incrementalHeapCount = heapIncremental;
	creation.stackCount = stack + flashStack;
	creation.initialKeyCount = keysInitial;
	creation.incrementalKeyCount = keysIncremental;
	creation.nameModulo = 127;
	creation.symbolModulo = 127;
	creation.parserBufferSize = 1024;
	creation.parserTableModulo = 127;
	creation.staticSize = staticSize;
	arena = c_malloc(staticSize + reserve);
	if (!arena)
		return aborted + XS_NOT_ENOUGH_MEMORY_EXIT;
	arenaLow = arena;
	arenaHigh = (txByte*)((size_t)(arena + staticSize + reserve) & ~(size_t)15);
	meterLimit = meter;
	roomy = creation;
	roomy.initialChunkSize = 16384;
	roomy.initialHeapCount = 4096;
	roomy.initialKeyCount = XS_ID_COUNT + 64;
	roomy.incrementalKeyCount = 64;
	fxCreateMachine(&roomy, "band", C_NULL, XS_NO_ID);
	if (!machine || abortStatus)
		return aborted + (abortStatus ? abortStatus : XS_NOT_ENOUGH_MEMORY_EXIT);
	return entry(bodyCreate);
}

/* --- exports: what is read-only on the device -------------------------------------------------------------------- */

#define forEachSlot(HEAP, SLOT) \
	for (HEAP = the->firstHeap; HEAP; HEAP = HEAP->next) \
		for (SLOT = HEAP + 1; SLOT < HEAP->value.reference; SLOT++)

static void freezeInstance(txSlot* instance)
{
	txSlot* property;
	for (property = instance->next; property; property = property->next) {
		if (property->kind != XS_ACCESSOR_KIND)
			property->flag |= XS_DONT_SET_FLAG;
		property->flag |= XS_DONT_DELETE_FLAG;
	}
	instance->flag |= XS_DONT_PATCH_FLAG;
}

static int freezeReferenced(txMachine* the, txSlot* slot)
{
	txSlot* instance = slot->kind == XS_REFERENCE_KIND ? slot->value.reference : C_NULL;
	if (!instance || instance == mxGlobal.value.reference || (instance->flag & XS_DONT_PATCH_FLAG))
		return 0;
	freezeInstance(instance);
	return 1;
}

/* Built-ins: every function, what the engine's own stack of intrinsics names, and all that their properties reach.
   Flags are set directly: harden() would allocate thousands of slots. The global object stays open, as on the device. */
static void bodyFreeze(txMachine* the)
{
	txSlot *heap, *slot, *property;
	int index, changed;
	forEachSlot(heap, slot)
		if (slot->kind == XS_INSTANCE_KIND && mxIsFunction(slot))
			freezeInstance(slot);
	for (index = mxInstanceInspectorsStackIndex + 1; index < mxEmptyCodeStackIndex; index++)
		freezeReferenced(the, &the->stackPrototypes[-1 - index]);
	do {
		changed = 0;
		forEachSlot(heap, slot)
			if (slot->kind == XS_INSTANCE_KIND && (slot->flag & XS_DONT_PATCH_FLAG))
				for (property = slot->next; property; property = property->next)
					if (!(property->flag & XS_INTERNAL_FLAG))
						changed |= freezeReferenced(the, property);
	} while (changed);
}

static int isFrozen(txSlot* instance)
{
	txSlot* property = instance->next;
	if (!(instance->flag & XS_DONT_PATCH_FLAG))
		return 0;
	for (; property; property = property->next) {
		txSlot* item = property;
		txIndex count = 1;
		if (property->flag & XS_INTERNAL_FLAG) {
			if (property->kind != XS_ARRAY_KIND || !property->value.array.address)
				continue;
			item = property->value.array.address;
			count = (((txChunk*)(((txByte*)item) - sizeof(txChunk)))->size - sizeof(txChunk)) / sizeof(txSlot);
		}
		for (; count; count--, item++)
			if ((item->kind != XS_ACCESSOR_KIND && !(item->flag & XS_DONT_SET_FLAG)) || !(item->flag & XS_DONT_DELETE_FLAG))
				return 0;
	}
	return 1;
}

/* What the XS linker does to the heap that it writes into flash, so that the later write throws here as it does there.
   (Moddable SDK documentation, "preload"; plain objects, arrays and `let` variables get a RAM alias and stay open.) */
static void petrify(txMachine* the)
{
	txSlot *heap, *slot, *property, *item;
	forEachSlot(heap, slot) {
		if (slot->kind != XS_INSTANCE_KIND || !(property = slot->next) || !(property->flag & XS_INTERNAL_FLAG))
			continue;
		switch (property->kind) {
		case XS_CALLBACK_KIND: case XS_CALLBACK_X_KIND: case XS_CODE_KIND: case XS_CODE_X_KIND:
			freezeInstance(slot);
			if (slot->flag & XS_CAN_CONSTRUCT_FLAG)
				for (item = property->next; item; item = item->next)
					if (item->ID == mxID(_prototype) && item->kind == XS_REFERENCE_KIND)
						freezeInstance(item->value.reference);
			break;
		case XS_MAP_KIND: case XS_SET_KIND: case XS_WEAK_MAP_KIND: case XS_WEAK_SET_KIND: case XS_WEAK_REF_KIND:
		case XS_ARRAY_BUFFER_KIND: case XS_DATA_VIEW_KIND: case XS_TYPED_ARRAY_KIND: case XS_PROXY_KIND: case XS_REGEXP_KIND:
			freezeInstance(slot);
			break;
		default:
			break;
		}
	}
	forEachSlot(heap, slot) {
		/* `let f = () => …` becomes const too. */
		if (slot->kind == XS_CLOSURE_KIND && slot->value.closure && slot->value.closure->kind == XS_REFERENCE_KIND
			&& mxIsFunction(slot->value.closure->value.reference))
			slot->value.closure->flag |= XS_DONT_SET_FLAG;
		if (slot->kind != XS_INSTANCE_KIND || !isFrozen(slot))
			continue;
		for (property = slot->next; property && (property->flag & XS_INTERNAL_FLAG); property = property->next) {
			if (property->kind == XS_DATE_KIND)
				property->flag |= XS_DONT_SET_FLAG;
			else if (property->kind == XS_PRIVATE_KIND)
				for (item = property->value.private.first; item; item = item->next) {
					if (item->kind != XS_ACCESSOR_KIND)
						item->flag |= XS_DONT_SET_FLAG;
					item->flag |= XS_DONT_DELETE_FLAG;
				}
		}
	}
}

/* What a module holds, walked from its exports and from the closures of its functions. The order is machine.ts's. */
enum {
	heldMap, heldSet, heldWeak, heldArrayBuffer, heldTypedArray, heldDataView, heldStatic, heldRegExp,
	heldGenerator, heldPromise, heldProxy
};
static char path[512];

static void lookInstance(txMachine* the, txSlot* instance, txSlot* module, size_t length, int depth);

static void report(size_t length, int kind)
{
	hostViolation(path, (int)length, kind);
}

/* Appends a property's name, or "[index]". */
static size_t pathTo(txMachine* the, size_t length, txID id, txIndex index)
{
	txString name = id == XS_NO_ID ? C_NULL : fxGetKeyName(the, id);
	int room = (int)(sizeof(path) - length);
	int wrote = name ? c_snprintf(path + length, room, "%s%s", length ? "." : "", name)
		: c_snprintf(path + length, room, "[%d]", (int)index);
	return wrote < 0 ? length : wrote < room ? length + wrote : sizeof(path) - 1;
}

static void lookSlot(txMachine* the, txSlot* slot, txSlot* module, size_t length, int depth)
{
	if (slot->kind == XS_REFERENCE_KIND)
		lookInstance(the, slot->value.reference, module, length, depth + 1);
	else if (slot->kind == XS_ACCESSOR_KIND) {
		if (slot->value.accessor.getter)
			lookInstance(the, slot->value.accessor.getter, module, length, depth + 1);
		if (slot->value.accessor.setter)
			lookInstance(the, slot->value.accessor.setter, module, length, depth + 1);
	}
}

static void lookEnvironment(txMachine* the, txSlot* environment, txSlot* module, size_t length, int depth)
{
	txSlot* slot;
	for (; environment; environment = environment->value.instance.prototype) {
		if (environment->flag & XS_LEVEL_FLAG)
			return;
		environment->flag |= XS_LEVEL_FLAG;
		for (slot = environment->next; slot; slot = slot->next)
			if (slot->kind == XS_CLOSURE_KIND && slot->ID != XS_NO_ID && slot->value.closure)
				lookSlot(the, slot->value.closure, module, pathTo(the, length, slot->ID, 0), depth);
	}
}

static void lookFunction(txMachine* the, txSlot* instance, txSlot* module, size_t length, int depth)
{
	txSlot* code = mxFunctionInstanceCode(instance);
	txSlot* property;
	if ((code->kind == XS_CODE_KIND || code->kind == XS_CODE_X_KIND) && code->value.code.closures)
		lookEnvironment(the, code->value.code.closures, module, 0, depth);
	if (!(instance->flag & XS_CAN_CONSTRUCT_FLAG))
		return;
	for (property = instance->next; property; property = property->next)
		if (!(property->flag & (XS_INTERNAL_FLAG | XS_DONT_SET_FLAG)) && property->kind != XS_ACCESSOR_KIND
			&& property->ID != XS_NO_ID && property->ID != mxID(_prototype)
			&& !(property->kind == XS_REFERENCE_KIND && mxIsFunction(property->value.reference)))
			report(pathTo(the, length, property->ID, 0), heldStatic);
}

static int heldKind(txSlot* internal)
{
	switch (internal->kind) {
	case XS_MAP_KIND: return heldMap;
	case XS_SET_KIND: return heldSet;
	case XS_WEAK_MAP_KIND: case XS_WEAK_SET_KIND: return heldWeak;
	case XS_ARRAY_BUFFER_KIND: return heldArrayBuffer;
	case XS_TYPED_ARRAY_KIND: return heldTypedArray;
	case XS_DATA_VIEW_KIND: return heldDataView;
	case XS_REGEXP_KIND: return heldRegExp;
	case XS_STACK_KIND: return heldGenerator;
	case XS_PROMISE_KIND: return heldPromise;
	case XS_PROXY_KIND: return heldProxy;
	default: return -1;
	}
}

static void lookInstance(txMachine* the, txSlot* instance, txSlot* module, size_t length, int depth)
{
	txSlot *property, *item;
	int isFunction = mxIsFunction(instance);
	if ((instance->flag & XS_LEVEL_FLAG) || depth > 100)
		return;
	if (isFunction && mxFunctionInstanceHome(instance)->value.home.module != module)
		return; /* a built-in's, or another module's to answer for */
	instance->flag |= XS_LEVEL_FLAG;
	if (isFunction)
		lookFunction(the, instance, module, length, depth);
	for (property = instance->next; property; property = property->next) {
		if (!(property->flag & XS_INTERNAL_FLAG))
			lookSlot(the, property, module, pathTo(the, length, property->ID, 0), depth);
		else if (heldKind(property) >= 0) {
			report(length, heldKind(property));
			return; /* a view's buffer goes with it */
		}
		else if (property->kind == XS_ARRAY_KIND && (item = property->value.array.address)) {
			txIndex count = (((txChunk*)(((txByte*)item) - sizeof(txChunk)))->size - sizeof(txChunk)) / sizeof(txSlot);
			for (; count; count--, item++)
				lookSlot(the, item, module, pathTo(the, length, XS_NO_ID, *((txIndex*)item)), depth);
		}
		else if (property->kind == XS_PRIVATE_KIND)
			for (item = property->value.private.first; item; item = item->next)
				lookSlot(the, item, module, pathTo(the, length, item->ID, 0), depth);
	}
}

/* Of the module named by `input`. */
static void bodyViolations(txMachine* the)
{
	txSlot* realm = mxProgram.value.reference->next->value.module.realm;
	txID id = fxNewNameC(the, input);
	txSlot *heap, *slot, *export;
	txSlot* module = C_NULL;
	fxCollectGarbage(the); /* dead functions hold nothing */
	module = mxBehaviorGetProperty(the, mxOwnModules(realm)->value.reference, id, 0, XS_OWN);
	if (!module || !mxIsReference(module))
		mxReferenceError("module \"%s\" is not loaded", input);
	module = module->value.reference;
	if (mxIsReference(mxModuleInstanceExports(module)))
		for (export = mxModuleInstanceExports(module)->value.reference->next; export; export = export->next)
			if (export->value.export.closure && export->value.export.module == module)
				lookSlot(the, export->value.export.closure, module, pathTo(the, 0, export->ID, 0), 0);
	forEachSlot(heap, slot)
		if (slot->kind == XS_INSTANCE_KIND && mxIsFunction(slot)
			&& mxFunctionInstanceHome(slot)->value.home.module == module)
			lookInstance(the, slot, module, 0, 0);
	forEachSlot(heap, slot)
		if (slot->kind == XS_INSTANCE_KIND)
			slot->flag &= ~XS_LEVEL_FLAG;
}

static void bodySeal(txMachine* the)
{
	txSize available, spare;
	petrify(the);
	fxCollect(the, XS_COMPACT_FLAG);
	returnTail(the);
	/* The device starts with `heap.initial` free slots and `chunk.initial` free bytes. */
	spare = the->maximumHeapCount - the->currentHeapCount;
	if (spare < creation.initialHeapCount)
		fxGrowSlots(the, creation.initialHeapCount - spare);
	spare = the->maximumHeapCount - the->currentHeapCount;
	available = creation.staticSize - (creation.stackCount - baseline.stack + spare) * (txSize)sizeof(txSlot);
	arenaWithheld = (txSize)(arenaHigh - arenaLow) - (available > 0 ? available : 0);
	if (creation.initialChunkSize <= gap()) {
		arenaLow += creation.initialChunkSize & ~7;
		the->firstBlock->limit = arenaLow;
		the->maximumChunksSize += creation.initialChunkSize & ~7;
	}
	the->keyCount = the->keyIndex + (txID)creation.initialKeyCount;
	the->keyDelta = (txID)creation.incrementalKeyCount;
	the->keyArray = c_realloc(the->keyArray, the->keyCount * sizeof(txSlot*));
	if (!the->keyArray)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	measure(the);
}

export(freezeIntrinsics) int freezeIntrinsics(void)
{
	return entry(bodyFreeze);
}

export(preloadViolations) int preloadViolations(char* bytes)
{
	input = bytes;
	return entry(bodyViolations);
}

export(sealFlash) int sealFlash(void)
{
	return entry(bodySeal);
}

/* --- exports: running -------------------------------------------------------------------------------------------- */

enum { waiting = 1 }; /* the result of importModule while a top-level await is pending */

static void jsImported(txMachine* the)
{
	result = 0;
}

static void jsNotImported(txMachine* the)
{
	mxException.kind = mxArgv(0)->kind;
	mxException.value = mxArgv(0)->value;
	if (!importing)
		fxAbort(the, XS_UNHANDLED_REJECTION_EXIT); /* after a top-level await: nobody else is left to tell */
	importFailed = 1;
	describe(the);
}

/* Imports the module named by `input`. */
static void bodyImport(txMachine* the)
{
	txSlot* realm = mxProgram.value.reference->next->value.module.realm;
	mxPushStringC(input);
	fxRunImport(the, realm, XS_NO_ID);
	mxDub();
	fxGetID(the, mxID(_then));
	mxCall();
	fxNewHostFunction(the, jsImported, 1, XS_NO_ID, XS_NO_ID);
	fxNewHostFunction(the, jsNotImported, 1, XS_NO_ID, XS_NO_ID);
	importing = 1;
	result = waiting;
	mxRunCount(2);
	mxPop();
}

static void bodyEvaluate(txMachine* the)
{
	txSlot* realm = mxProgram.value.reference->next->value.module.realm;
	txScript* script = parse(the, "evaluate", input, inputLength, mxProgramFlag);
	fxRunScript(the, script, mxRealmGlobal(realm), C_NULL, mxRealmClosures(realm)->value.reference, C_NULL,
		mxProgram.value.reference);
	if (the->stack->kind == XS_INTEGER_KIND)
		result = the->stack->value.integer;
	mxPop();
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
		result = the->stack->value.integer;
	mxPop();
}

/* `bytes`: malloc'ed UTF-8 that ends with 0; freed by the caller. */
export(importModule) int importModule(char* bytes)
{
	input = bytes;
	return entry(bodyImport);
}

export(evaluate) int evaluate(char* bytes, int length)
{
	input = bytes;
	inputLength = length;
	return entry(bodyEvaluate);
}

export(dispatch) int dispatch(int source)
{
	eventSource = source;
	return entry(bodyDispatch);
}

static void bodyCollect(txMachine* the)
{
	fxCollectGarbage(the);
}

export(collectGarbage) int collectGarbage(void)
{
	return entry(bodyCollect);
}

export(resultOf) int resultOf(void)
{
	return result;
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

/* Fills and returns an array in the order of machine.ts's `COUNTERS`. Runs no JS, allocates nothing. */
export(counters) const double* counters(void)
{
	static double values[18];
	txMachine* the = machine;
	double* value = values;
	*value++ = the->currentHeapCount;
	*value++ = the->maximumHeapCount;
	*value++ = the->peakHeapCount;
	*value++ = the->currentChunksSize;
	*value++ = the->maximumChunksSize;
	*value++ = the->peakChunksSize;
	*value++ = collections + (txU2)(the->garbageCollectionCount - collectionsSeen);
	*value++ = (double)(the->stackTop - the->stackPeak) - baseline.stack;
	*value++ = (double)(the->stackTop - the->stackBottom) - baseline.stack;
	*value++ = the->keyIndex;
	*value++ = meterBefore + the->meterIndex;
	*value++ = the->floatingPointOps;
	*value++ = gap();
	*value++ = the->peakParserSize;
	*value++ = baseline.slots;
	*value++ = baseline.chunkBytes;
	*value++ = baseline.keys;
	*value++ = sizeof(txSlot);
	return values;
}
