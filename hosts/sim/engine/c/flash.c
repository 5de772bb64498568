/*
 * What is in flash on the device and so read-only there: built-ins, and what preloaded modules hold. The rules are those
 * of the XS linker (Moddable SDK, documentation/xs/preload.md): functions, classes and their prototypes, maps, sets,
 * buffers and views are frozen for good; plain objects, arrays and `let` variables get a RAM alias and stay open.
 */
#include "host.h"

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

txBoolean flashFrozen(txSlot* instance)
{
	txSlot* property = instance->next;
	if (!(instance->flag & XS_DONT_PATCH_FLAG))
		return 0;
	for (; property; property = property->next) {
		txSlot* item = property;
		txIndex count = 1;
		if (property->flag & XS_INTERNAL_FLAG) {
			if (property->kind != XS_ARRAY_KIND)
				continue;
			item = property->value.array.address;
			count = arrayItemCount(property);
		}
		for (; count; count--, item++)
			if ((item->kind != XS_ACCESSOR_KIND && !(item->flag & XS_DONT_SET_FLAG)) || !(item->flag & XS_DONT_DELETE_FLAG))
				return 0;
	}
	return 1;
}

/* What the linker does to the heap that it writes into flash, so that the later write throws here as it does there. */
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
		if (slot->kind != XS_INSTANCE_KIND || !flashFrozen(slot))
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

static void bodySeal(txMachine* the)
{
	petrify(the);
	arenaSeal(the);
	the->keyCount = the->keyIndex + (txID)hostDevice.initialKeyCount;
	the->keyDelta = (txID)hostDevice.incrementalKeyCount;
	the->keyArray = c_realloc(the->keyArray, the->keyCount * sizeof(txSlot*));
	if (!the->keyArray)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	hostMeasure(the);
}

export(freezeIntrinsics) int freezeIntrinsics(void)
{
	return hostEnter(bodyFreeze);
}

export(sealFlash) int sealFlash(void)
{
	return hostEnter(bodySeal);
}
