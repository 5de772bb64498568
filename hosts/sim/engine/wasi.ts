/** The little of WASI that the engine's C library asks for: a clock, and files that lead nowhere. */

const EBADF = 8;

/** @param nowUs virtual time, µs */
export function wasiStubs(memory: () => WebAssembly.Memory, nowUs: () => number) {
  return {
    clock_time_get: (_clock: number, _precision: bigint, address: number): number => {
      const nanoseconds = BigInt(Math.floor(nowUs())) * 1000n;
      new DataView(memory().buffer).setBigInt64(address, nanoseconds, true);
      return 0;
    },
    /** XS's own reports go nowhere, but the C library must believe that all was written. */
    fd_write: (_file: number, vectors: number, count: number, written: number): number => {
      const view = new DataView(memory().buffer);
      let bytes = 0;
      for (let i = 0; i < count; i++) bytes += view.getUint32(vectors + 8 * i + 4, true);
      view.setUint32(written, bytes, true);
      return 0;
    },
    fd_fdstat_get: (): number => EBADF, // the debug engine asks whether it talks to a terminal
    fd_close: (): number => 0,
    fd_seek: (): number => 0,
  };
}
