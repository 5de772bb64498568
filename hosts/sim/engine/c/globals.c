/* The host's functions in the JS world: globals that call the ports. */
#include "host.h"

static txInteger argument(txMachine* the, txInteger index)
{
	return index < mxArgc ? fxToInteger(the, mxArgv(index)) : 0;
}

/* hostCall(op, a, b, c, d): integer */
static void jsCall(txMachine* the)
{
	txInteger value = portCall(argument(the, 0), argument(the, 1), argument(the, 2), argument(the, 3), argument(the, 4));
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
	value = portBytes(argument(the, 0), argument(the, 1),
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
		portPrint(string, (int)c_strlen(string));
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

void globalsDefine(txMachine* the)
{
	defineGlobal(the, "hostCall", jsCall, 5);
	defineGlobal(the, "hostBytes", jsBytes, 3);
	defineGlobal(the, "hostPrint", jsPrint, 1);
	defineGlobal(the, "hostCollect", jsCollect, 0);
}
