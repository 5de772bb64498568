/**
 * Constants of contact and light control. Light that comes back is told per LED current, in counts (Q2, scale of 18
 * bits) for one step of 0.2 mA at the 2048 nA range: 1 nA per mA is 25.6 counts, 102.4 in Q2.
 * Source of the levels: hardware reference 1.7. Paper, desk or air gives 11 to 48 nA/mA, an inner wrist 80 to 250, a
 * fingertip 280, each within 30 % from part to part.
 */
export const ON_SKIN_PER_STEP_Q2 = 6349; // 62 nA/mA
export const OFF_SKIN_PER_STEP_Q2 = 5325; // 52
/** Less than this and there is nothing in front of the sensor, or its LED is dark. */
export const NOTHING_PER_STEP_Q2 = 1126; // 11

// Blocks of 80 ms.
/** Light like skin's for so long is a candidate; less light than skin's for so long is the end of it. */
export const ON_BLOCKS = 2;
export const OFF_BLOCKS = 3;
/** What was there may not be there any more, if the level moves by more than 1/16 within 160 ms, 2 % being a pulse. */
export const STEP_SHIFT = 4;
/** A thing without a pulse is the same thing while its light is the same to an eighth. */
export const SAME_SHIFT = 3;
/** Two questions about the ambient light are so far apart at least: each disturbs the light twice. Known for so long. */
export const PROBE_PAUSE_BLOCKS = 63;
export const AMBIENT_FRESH_BLOCKS = 25;
/** Without a believed beat for so long, it may be another thing than the wearer's arm: 5 s. */
export const PULSE_LOST_BLOCKS = 63;
/** A candidate without anything like a pulse, and one with something that is no pulse after all: 10 s and 3 min. */
export const PULSELESS_BLOCKS = 125;
export const PULSELESS_AT_LAST_BLOCKS = 2250;
/** Steepest fall within 80 ms, counts, above which something moves; of 16 falls of mere converter noise it is 14. */
export const SOMETHING_DEPTH_COUNTS = 24;
/** A thing without a pulse is looked at again after 30 s, or when its light changes by an eighth. */
export const LOOK_AGAIN_BLOCKS = 375;
/** Ambient light above 1/64 of the level may flicker at a pulse's rate; above half of it, it is what the sensor sees. */
export const FLICKER_SHIFT = 6;
export const LAMP_SHIFT = 1;
/** Flicker adds the same counts to both channels: (AC/DC red over infrared) squared from 0.85 to 1.18, Q12. */
export const FLICKER_RATIO_LOW_Q12 = 2959;
export const FLICKER_RATIO_HIGH_Q12 = 5703;

// Light control. Levels are Q2 counts: full scale is 4 x 2^18 = 2^20.
/** Not worn: 2 mA of infrared at 4096 nA, red dark. A finger gives 14 % of full scale. Sampling starts with this too. */
export const DIM_IR_CODE = 10;
export const DIM_RANGE_CODE = 1;
/** 0.5 s not worn before the light is dimmed. */
export const DIM_AFTER_BLOCKS = 6;
/** A change shows in the samples at the next drain; if it has not after 1 s, the sensor had this light already. */
export const PENDING_BLOCKS_MAX = 13;
/** Levels are judged over four blocks: 0.32 s. */
export const JUDGE_BLOCKS = 4;
/** Aim at 62 % of full scale. */
export const TARGET_Q2 = 650_000;
/** 50 to 75 % is left alone; outside it is mended after six judgements, 2 s, when worn, and two when just put on. */
export const LOW_Q2 = 524_288;
export const HIGH_Q2 = 786_432;
export const PATIENCE_WORN = 6;
export const PATIENCE_NEW = 2;
/** 35 to 88 %: outside it is mended at once. */
export const TOO_LOW_Q2 = 367_002;
export const TOO_HIGH_Q2 = 922_746;
/** LED current, steps of 0.2 mA: up to 25.4 mA, as much as a 3.3 V supply drives; from 2 mA on a wider range is better. */
export const CODE_MAX = 127;
export const CODE_FINE_MIN = 10;
/** A current changes by a factor of at most eight at once. */
export const SLEW_SHIFT = 3;
/** Just put on, the level rises for 0.8 s. It is steady when it moves by less than 1/16 within three blocks. */
export const RISE_BLOCKS_MAX = 10;
export const STEADY_BLOCKS = 3;
export const STEADY_SHIFT = 4;
/**
 * Depth of the pulse, Q16 of the level: above 0.28 % half the light (the next finer range) does as well; below 0.07 %
 * twice the light is worth its current. Looked at every 20 s, over the median of three looks.
 */
export const DEEP_Q16 = 183;
export const SHALLOW_Q16 = 46;
export const QUALITY_BLOCKS = 250;
export const QUALITY_LOOKS = 3;
/** Widest range that is used for more light: 8192 nA. */
export const RANGE_MAX_FOR_QUALITY = 2;
