/*
 * What a preloaded module holds that is read-only, or impossible, in flash: walked from its exports and from the closures
 * of its functions, so that state which is not exported is found too. Another module's functions are not followed.
 */
#include "host.h"

static char* moduleName;

/* The order is machine.ts's. */
enum {
	heldMap, heldSet, heldWeak, heldArrayBuffer, heldTypedArray, heldDataView, heldStatic, heldPrivate,
	heldRegExp, heldGenerator, heldPromise, heldProxy
};
static char path[512];

static void lookInstance(txMachine* the, txSlot* instance, txSlot* module, size_t length, int depth);

static void report(size_t length, int kind)
{
	portViolation(path, (int)length, kind);
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

/* A property that JS may write to: neither frozen nor a method or an accessor. */
static txBoolean isVariable(txSlot* property)
{
	return !(property->flag & XS_DONT_SET_FLAG) && property->kind != XS_ACCESSOR_KIND
		&& !(property->kind == XS_REFERENCE_KIND && mxIsFunction(property->value.reference));
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
		if (!(property->flag & XS_INTERNAL_FLAG) && property->ID != XS_NO_ID && property->ID != mxID(_prototype)
			&& isVariable(property))
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
		else if (property->kind == XS_ARRAY_KIND) {
			txIndex count = arrayItemCount(property);
			for (item = property->value.array.address; count; count--, item++)
				lookSlot(the, item, module, pathTo(the, length, XS_NO_ID, *((txIndex*)item)), depth);
		}
		else if (property->kind == XS_PRIVATE_KIND)
			for (item = property->value.private.first; item; item = item->next) {
				size_t end = pathTo(the, length, item->ID, 0);
				if ((isFunction || flashFrozen(instance)) && isVariable(item))
					report(end, isFunction ? heldStatic : heldPrivate);
				else
					lookSlot(the, item, module, end, depth);
			}
	}
}

static void bodyViolations(txMachine* the)
{
	txSlot* realm = mxProgram.value.reference->next->value.module.realm;
	txID id = fxNewNameC(the, moduleName);
	txSlot *heap, *slot, *export;
	txSlot* module = C_NULL;
	fxCollectGarbage(the); /* dead functions hold nothing */
	module = mxBehaviorGetProperty(the, mxOwnModules(realm)->value.reference, id, 0, XS_OWN);
	if (!module || !mxIsReference(module))
		mxReferenceError("module \"%s\" is not loaded", moduleName);
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

/* `bytes`: UTF-8 that ends with 0. Calls portViolation for each. */
export(preloadViolations) int preloadViolations(char* bytes)
{
	moduleName = bytes;
	return hostEnter(bodyViolations);
}
