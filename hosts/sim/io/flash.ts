import { FlashOp } from "sim/flash-ops";
import { bytes, call } from "sim/port";

/** `embedded:storage/flash` over a partition: any offset and length, whole blocks erased, errors as the ESP32 words them. */
class FlashPartition {
  status(): { size: number; blockLength: number; blocks: number } {
    const size = call(FlashOp.Size, 0, 0, 0, 0);
    const blockLength = call(FlashOp.BlockLength, 0, 0, 0, 0);
    return { size, blockLength, blocks: size / blockLength };
  }

  read(buffer: ArrayBuffer | Uint8Array, byteOffset: number): number {
    const view = viewOf(buffer);
    if (bytes(FlashOp.Read, byteOffset, view) !== 0) throw new Error("read failed");
    return view.length;
  }

  write(buffer: ArrayBuffer | Uint8Array, byteOffset: number): void {
    if (bytes(FlashOp.Write, byteOffset, viewOf(buffer)) !== 0) throw new Error("write failed");
  }

  eraseBlock(start: number, end = start + 1): void {
    for (let block = start; block < end; block++)
      if (call(FlashOp.EraseBlock, block, 0, 0, 0) !== 0) throw new Error("erase failed");
  }

  close(): void {}
}

function viewOf(buffer: ArrayBuffer | Uint8Array): Uint8Array {
  return buffer instanceof Uint8Array ? buffer : new Uint8Array(buffer);
}

export default {
  open(_options: { path: string; mode?: "r" | "r+" }): FlashPartition {
    if (call(FlashOp.Size, 0, 0, 0, 0) === 0) throw new Error("can't find partition");
    return new FlashPartition();
  },
};
