/* ES modules: found and loaded through the ports by their manifest names, parsed here, run by XS. */
#include "host.h"

static char* input;     /* UTF-8, ends with 0: the argument of the running entry; its length in bytes */
static int inputLength;
static txBoolean importing; /* the running entry is importModule */

void moduleEntryEnds(void)
{
	importing = 0;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID importerID, txSlot* slot)
{
	char name[C_PATH_MAX];
	txString specifier = fxToString(the, slot);
	txString importer = importerID == XS_NO_ID ? "" : fxGetKeyName(the, importerID);
	int length = portFind(specifier, (int)c_strlen(specifier), importer, (int)c_strlen(importer), name, sizeof(name) - 1);
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
	unsigned char* source = portLoad(name, (int)c_strlen(name));
	txScript* script;
	txU4 size;
	if (!source)
		return; /* XS throws: no module */
	c_memcpy(&size, source, sizeof(size));
	script = parse(the, name, source + sizeof(size), (txSize)size, 0);
	c_free(source);
	fxResolveModule(the, module, moduleID, script, C_NULL, C_NULL);
}

enum { waiting = 1 }; /* the result of importModule while a top-level await is pending */

static void jsImported(txMachine* the)
{
	hostResult = 0;
}

static void jsNotImported(txMachine* the)
{
	mxException.kind = mxArgv(0)->kind;
	mxException.value = mxArgv(0)->value;
	if (!importing)
		fxAbort(the, XS_UNHANDLED_REJECTION_EXIT); /* after a top-level await: nobody else is left to tell */
	hostFail(the);
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
	hostResult = waiting;
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
		hostResult = the->stack->value.integer;
	mxPop();
}

/* `bytes`: malloc'ed UTF-8 that ends with 0; freed by the caller. */
export(importModule) int importModule(char* bytes)
{
	input = bytes;
	return hostEnter(bodyImport);
}

export(evaluate) int evaluate(char* bytes, int length)
{
	input = bytes;
	inputLength = length;
	return hostEnter(bodyEvaluate);
}
