import type { MotorProfile } from "haptics/motor";

/** Weber fraction of vibration 0.2 .. 0.58: more steps than these are told apart by nobody (physiology 6). */
export const STRENGTHS_MAX = 6;
const STRENGTHS_MIN = 2;
/** No step smaller than 30 %, however fine the answers were. */
const RATIO_Q8_MIN = 333;
const KICK_MS_MAX = 60;
const LEVEL_Q8_MIN = 16;
const VERSION = 1;
const HEAD_BYTES = 6;

/** One motor on one wrist: what it needs and what its wearer can tell apart. */
export interface HapticProfile {
  readonly motor: MotorProfile;
  /** Strengths that feel evenly spaced, 0 .. 256 each, rising, from the weakest that is felt to the strongest. */
  readonly strengthsQ8: readonly number[];
}

/**
 * A profile from what was found.
 * @param startLevelQ8    drive that starts the motor from rest without a kick
 * @param sustainLevelQ8  weakest drive at which it goes on turning and is felt
 * @param ratioQ8         smallest ratio of two drives that is told apart, 256 is one
 */
export function profileOf(
  startLevelQ8: number,
  sustainLevelQ8: number,
  ratioQ8: number,
  kickMs: number,
): HapticProfile {
  const sustain = Math.max(LEVEL_Q8_MIN, Math.min(250, sustainLevelQ8));
  const motor = { kickMs, startLevelQ8: Math.min(256, Math.max(startLevelQ8, sustain)), sustainLevelQ8: sustain };
  const levels = [sustain];
  const step = Math.max(RATIO_Q8_MIN, ratioQ8);
  for (let level = (sustain * step) >> 8; level <= 256 && levels.length < STRENGTHS_MAX; level = (level * step) >> 8)
    levels.push(level);
  // The strongest is always there: it takes the place of the one below, or is the second.
  if (levels.length >= STRENGTHS_MIN) levels[levels.length - 1] = 256;
  else levels.push(256);
  return { motor, strengthsQ8: levels.map((level) => Math.round(((level - sustain) * 256) / (256 - sustain))) };
}

/** Version, kick, start (16 bits), sustain, count, then 16 bits each, little endian: at most 18 bytes. */
export function encodeProfile({ motor, strengthsQ8 }: HapticProfile): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + 2 * strengthsQ8.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = motor.kickMs;
  view.setUint16(2, motor.startLevelQ8, true);
  bytes[4] = motor.sustainLevelQ8;
  bytes[5] = strengthsQ8.length;
  strengthsQ8.forEach((strength, i) => {
    view.setUint16(HEAD_BYTES + 2 * i, strength, true);
  });
  return bytes;
}

/** The profile in these bytes; undefined if there is none, or one that a motor must not be given. */
export function decodeProfile(bytes: Uint8Array): HapticProfile | undefined {
  if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kickMs = view.getUint8(1);
  const startLevelQ8 = view.getUint16(2, true);
  const sustainLevelQ8 = view.getUint8(4);
  const count = view.getUint8(5);
  if (kickMs > KICK_MS_MAX || startLevelQ8 > 256 || sustainLevelQ8 > startLevelQ8) return undefined;
  if (sustainLevelQ8 < LEVEL_Q8_MIN || count < STRENGTHS_MIN || count > STRENGTHS_MAX) return undefined;
  if (bytes.length !== HEAD_BYTES + 2 * count) return undefined;
  const strengthsQ8: number[] = [];
  for (let i = 0; i < count; i++) strengthsQ8.push(view.getUint16(HEAD_BYTES + 2 * i, true));
  const rises = strengthsQ8.every(
    (each, i) => each <= 256 && (i === 0 ? each === 0 : each > (strengthsQ8[i - 1] ?? 0)),
  );
  return rises ? { motor: { kickMs, startLevelQ8, sustainLevelQ8 }, strengthsQ8 } : undefined;
}
