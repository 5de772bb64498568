/**
 * What all records have in common: 32 bytes, numbers little endian. docs/data.md shows every type byte by byte.
 *
 *   0 .. 3   CRC-32 over the record's number (u32) and bytes 4 .. 31: a record is good only where it was written
 *   4        RecordType
 *   5        low byte of the number of the boot that wrote it
 *   6 .. 9   when, since that boot, u32: ms, but 1/1024 s in Beats
 *   10 .. 31 by type; bytes and entries that are not used are 0xFF
 */
export const RECORD_BYTES = 32;
export const enum RecordOffset {
  Type = 4,
  Boot = 5,
  At = 6,
  Data = 10,
}

/** Numbers are for ever: a type that goes out of use leaves its number unused. */
export const enum RecordType {
  Boot = 1,
  SessionStart = 2,
  Beats = 3,
  Breaths = 4,
  Minutes = 5,
  Event = 6,
  Battery = 7,
  SessionEnd = 8,
  ClockSet = 9,
  Day = 10,
  /** The other side has everything up to a number. */
  Acknowledged = 11,
  /** In the first slot of each block and in its last, and nowhere else. */
  BlockHeader = 0xb1,
}

/** A block header, from RecordOffset.At on: it has no time of its own. Byte 5 is LAYOUT_VERSION. */
export const enum HeaderOffset {
  FirstSeq = 6,
  AcknowledgedThrough = 10,
  BootNumber = 14,
}
/** A block of another version is not read: it counts as empty. */
export const LAYOUT_VERSION = 1;

/** An Acknowledged record's only field, u32. */
export const ACKNOWLEDGED_THROUGH_OFFSET = 10;
