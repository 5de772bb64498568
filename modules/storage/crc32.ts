/** Remainders of the 16 nibbles for the reflected polynomial 0xEDB88320, as int32: 256 bytes of flash, not 4 KB. */
const NIBBLES = Object.freeze([
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, -0x12477ce0,
  -0x0ff06cbc, -0x29295c18, -0x349e4c74, -0x649b3d50, -0x792c2d2c, -0x5ff51d88, -0x42420de4,
]);

/** What a sum begins with. */
export const CRC32_START = -1;

/**
 * The CRC-32 of Ethernet, zip and PNG, over `bytes[from .. to - 1]`, going on from `state`. The sum of all is `~state`.
 * Finds every error of up to 32 bits in a row, and of any others all but one in 2^32.
 * @param state  CRC32_START, or what an earlier call returned
 * @returns      int32
 * Cost:         no allocation; two table look-ups a byte
 */
export function crc32Step(state: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = state;
  for (let i = from; i < to; i++) {
    crc ^= bytes[i]!; // i < to, and the caller's ranges are inside
    crc = NIBBLES[crc & 15]! ^ (crc >>> 4); // 0 .. 15 by the mask
    crc = NIBBLES[crc & 15]! ^ (crc >>> 4);
  }
  return crc;
}

/** The same, over the four bytes of a number, lowest first. */
export function crc32StepUint32(state: number, number: number): number {
  let crc = state ^ number;
  for (let nibble = 0; nibble < 8; nibble++) crc = NIBBLES[crc & 15]! ^ (crc >>> 4); // as above
  return crc;
}

/** The finished sum of `bytes[from .. to - 1]`, int32. */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  return ~crc32Step(CRC32_START, bytes, from, to);
}
