/*
 * The interpreter, xsRun.c, unmodified, compiled so that its loop never calls setjmp.
 *
 * In WebAssembly every call inside a function that calls setjmp is wrapped in landing code: the interpreter's loop
 * fxRunID, which calls setjmp where a JS `try` is entered, becomes 3.5 to 4 times slower. XS keeps all that is needed
 * to resume in the txJump record (stack, scope, frame, environment, code) and nothing in C locals. So a small outer
 * function owns the only setjmp; a throw leaves the loop by longjmp and the loop is entered anew.
 *
 * build.node.ts asserts how often the macros below occur in xsRun.c (another use would compile and be wrong).
 */
#include "xsAll.h"

static void* runGuard;    /* jmp_buf of the innermost fxRunID; set just before the loop is entered */
static txJump* runStash;  /* where a landed throw has to resume, until the loop has taken it */

/* Marks a txJump whose environment must not be restored: a generator's never sets the field. C_NULL will not do,
   an ordinary try may truly hold a NULL environment. */
#define mxNoEnvironment ((txSlot*)1)

static void* runMallocJump(size_t size)
{
	txJump* jump = malloc(size);
	if (jump)
		jump->environment = mxNoEnvironment;
	return jump;
}

/* xsRun.c's own mxRunCount would call the renamed loop and by-pass the guard. */
static void runGuarded(txMachine* the, txSlot* generator, txInteger count)
{
	fxRunID(the, generator, count);
}
#undef mxRunCount
#define mxRunCount(COUNT) (mxMeterOne(), runGuarded(the, C_NULL, COUNT))

/* fxRunScript's mxTry, the only one of the file, needs a true setjmp: xsAll.h's text with `setjmp`. */
#undef mxTry
#define mxTry(THE_MACHINE) \
	txJump __JUMP__; \
	__JUMP__.nextJump = (THE_MACHINE)->firstJump; \
	__JUMP__.stack = the->stack; \
	__JUMP__.scope = the->scope; \
	__JUMP__.frame = the->frame; \
	__JUMP__.code = the->code; \
	__JUMP__.flag = 0; \
	(THE_MACHINE)->firstJump = &__JUMP__; \
	if (setjmp(__JUMP__.buffer) == 0) {

/* Entering a JS try: a later throw shall land in the guard of this very activation of the loop. */
#undef c_setjmp
#define c_setjmp(BUFFER) (c_memcpy(BUFFER, guard, sizeof(jmp_buf)), 0)
#undef c_malloc
#define c_malloc(SIZE) runMallocJump(SIZE)

/* The loop's first statement. Nested activations overwrite the static guard, so keep ours; then, if a throw has
   landed, do what xsRun.c does after its setjmp. XS_CODE_JUMP counts one meter unit that an ordinary try's landing
   does not. */
#undef mxCheckCStack
#define mxCheckCStack() \
	fxCheckCStack(the); \
	void* const guard = runGuard; \
	if (runStash) { \
		jump = runStash; \
		runStash = C_NULL; \
		the->firstJump = jump->nextJump; \
		mxStack = jump->stack; \
		mxScope = jump->scope; \
		mxFrame = jump->frame; \
		mxEnvironment = mxFrameToEnvironment(mxFrame); \
		if (jump->environment != mxNoEnvironment) { \
			mxEnvironment->value.reference = jump->environment; \
			the->meterIndex--; \
		} \
		mxCode = jump->code; \
		free(jump); \
		goto XS_CODE_JUMP; \
	} \
	((void)0)

static void fxRunInner(txMachine* the, txSlot* generator, txInteger count) __attribute__((noinline));
#define fxRunID fxRunInner
#include "xsRun.c"
#undef fxRunID

/* xsRun.c declares its loop without `static`; so the declaration above decides, and this is the public one. */
void fxRunID(txMachine* the, txSlot* generator, txInteger count)
{
	txJump* base = the->firstJump; /* the loop keeps it as yieldJump and must see the same at each entry */
	jmp_buf guard;
	if (setjmp(guard)) {
		runStash = the->firstJump;
		the->firstJump = base;
	}
	runGuard = guard;
	fxRunInner(the, generator, count);
}
