import assert from "node:assert/strict";
import { decodeProfile, encodeProfile, type HapticProfile, profileOf } from "haptics/haptic-profile";
import { HapticStaircase, type StaircaseResult } from "haptics/haptic-staircase";
import { DEFAULT_PROFILE, type MotorProfile } from "haptics/motor";
import { TestBand } from "../session/band.js";

describe("a haptic profile", () => {
  const profile: HapticProfile = {
    motor: { kickMs: 30, startLevelQ8: 256, sustainLevelQ8: 103 },
    strengthsQ8: [0, 100, 256],
  };

  it("is kept as bytes", () => {
    // version 1, kick 30, start 0x0100, sustain 103, three strengths: 0, 100, 256
    const bytes = Uint8Array.of(1, 30, 0, 1, 103, 3, 0, 0, 100, 0, 0, 1);
    assert.deepEqual(encodeProfile(profile), bytes);
    assert.deepEqual(decodeProfile(bytes), profile);
  });

  it("is refused when a motor must not be given it", () => {
    const good = encodeProfile(profile);
    const bad: [string, number, number][] = [
      ["another version", 0, 2],
      ["a kick of 61 ms", 1, 61],
      ["a start of 257", 2, 1],
      ["a sustain that no motor turns at", 4, 15],
      ["more strengths than bytes", 5, 4],
      ["one strength", 5, 1],
      ["a first strength that is not the weakest", 6, 1],
      ["strengths that do not rise", 8, 0],
      ["a strength of 257", 10, 1],
    ];
    for (const [what, at, value] of bad) {
      const bytes = good.slice();
      bytes[at] = value;
      assert.equal(decodeProfile(bytes), undefined, what);
    }
    assert.equal(decodeProfile(Uint8Array.of(1, 30, 102, 0, 103, 2, 0, 0, 0, 1)), undefined, "start below sustain");
    for (let length = 0; length < good.length; length++) assert.equal(decodeProfile(good.slice(0, length)), undefined);
  });

  it("spaces strengths by the ratio that is told apart, 30 % at the least, six at the most", () => {
    // From 64 by 1.5: 64, 96, 144, 216; the strongest, 256, takes the place of the last. 192 levels above 64:
    // (96 - 64) * 256 / 192 = 42.7; (144 - 64) * 256 / 192 = 106.7
    assert.deepEqual(profileOf(150, 64, 384, 30).strengthsQ8, [0, 43, 107, 256]);
    assert.equal(profileOf(150, 40, 257, 30).strengthsQ8.length, 6);
    assert.deepEqual(profileOf(150, 200, 640, 30).strengthsQ8, [0, 256]);
    for (let sustain = 0; sustain <= 256; sustain += 7)
      for (const ratio of [256, 333, 400, 640]) {
        const made = profileOf(sustain, sustain, ratio, 30);
        assert.deepEqual(decodeProfile(encodeProfile(made)), made, `${sustain} ${ratio}`);
      }
  });
});

interface Wearer {
  readonly startLevelQ8: number;
  readonly sustainLevelQ8: number;
  readonly feltLevelQ8: number;
  readonly ratioQ8: number;
  readonly lapsePercent: number;
  /** Presses in this share of trials whatever was felt. */
  readonly guessPercent: number;
}

/** One trial of touch by a wearer who feels what the drive was told, through motor, player and session. */
function feel(wearer: Wearer, seed: number): { result: StaircaseResult | undefined; profiles: MotorProfile[] } {
  let state = seed;
  const chance = (percent: number): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 100 < percent;
  };
  let result: StaircaseResult | undefined;
  const profiles: MotorProfile[] = [];
  const door: { band?: TestBand } = {};
  const motor = {
    get profile(): MotorProfile {
      return profiles.at(-1) ?? DEFAULT_PROFILE;
    },
    set profile(profile: MotorProfile) {
      profiles.push(profile);
      if (door.band !== undefined) door.band.motor.profile = profile;
    },
  };
  const touchTrial = new HapticStaircase(motor, (each) => {
    result = each;
  });
  const band = new TestBand(10_000, { touchTrial });
  door.band = band;
  assert.equal(band.session.start({ program: "feel", by: "app" }), undefined);

  let turning = false;
  let driveMs = 0;
  let feltMs = 0;
  let strokes: number[] = [];
  let pressInMs = -1;
  let trialAtMs = 0;
  let strokeAtMs = 0;
  for (let ms = 0; ms < 130_000 && band.session.state !== "idle"; ms += 10) {
    band.advance(10);
    const level = band.drive.levelQ8;
    driveMs = level >= wearer.startLevelQ8 ? driveMs + 10 : 0;
    const wasFelt = turning && feltMs > 0;
    if (level === 0 || level < wearer.sustainLevelQ8) turning = false;
    else if (driveMs >= 20) turning = true;
    const isFelt = turning && level >= wearer.feltLevelQ8;
    if (isFelt) feltMs += 10;
    const stage = band.session.phase?.id;
    if (stage === undefined || band.session.state !== "running" || band.player.isCueing) continue;
    if (!isFelt && wasFelt && feltMs > 0) {
      // A stroke is over; a short one is the kick alone. The two of a pair are half a second apart.
      if (band.time.ticks - strokeAtMs > 1_000) strokes = [];
      strokeAtMs = band.time.ticks;
      strokes.push(feltMs >= 100 ? lastLevel(band) : 0);
      if (stage === "felt" && feltMs >= 100 && !chance(wearer.lapsePercent)) pressInMs = 300;
      if (stage === "lasting" && !chance(wearer.lapsePercent)) pressInMs = 250;
      if (stage === "steps" && strokes.length === 2) {
        const [first = 0, second = 0] = strokes;
        if (second * 256 >= first * wearer.ratioQ8 && !chance(wearer.lapsePercent)) pressInMs = 300;
      }
      feltMs = 0;
    } else if (!isFelt) feltMs = 0;
    if (band.time.ticks - trialAtMs >= 2_500) {
      trialAtMs = band.time.ticks;
      if (chance(wearer.guessPercent)) pressInMs = 1_400;
    }
    if (pressInMs >= 0) {
      pressInMs -= 10;
      if (pressInMs < 0) press(band);
    }
  }
  return { result, profiles };
}

/** The hold level of the stroke that has just ended. */
function lastLevel(band: TestBand): number {
  return band.drive.writes.filter(({ levelQ8 }) => levelQ8 > 0).at(-1)?.levelQ8 ?? 0;
}

function press(band: TestBand): void {
  const atMs = band.time.ticks;
  band.session.onPress();
  band.time.set(() => band.session.onGesture(1, atMs), 400); // Gesture.Short
}

const TYPICAL: Wearer = {
  startLevelQ8: 170,
  sustainLevelQ8: 90,
  feltLevelQ8: 80,
  ratioQ8: 384,
  lapsePercent: 0,
  guessPercent: 0,
};

describe("two minutes of staircase", () => {
  it("find what starts the motor, what is felt to last, and how many strengths there are", () => {
    let found = 0;
    let worst = "";
    const people = 100;
    for (let seed = 1; seed <= people; seed++) {
      const startLevelQ8 = 120 + ((seed * 7) % 90);
      const sustainLevelQ8 = 60 + ((seed * 11) % 50);
      const feltLevelQ8 = 60 + ((seed * 5) % 50);
      const { result } = feel({ ...TYPICAL, startLevelQ8, sustainLevelQ8, feltLevelQ8, lapsePercent: 2 }, seed);
      if (result === undefined || !result.ok) {
        worst = `seed ${seed}: ${JSON.stringify(result)}`;
        continue;
      }
      const { motor } = result.profile;
      const lasting = Math.max(sustainLevelQ8, feltLevelQ8);
      // What is found is to work, and to be at most a third more than needed.
      const fits = (level: number, least: number): boolean => level >= least && level <= least * 1.34 + 8;
      if (fits(motor.startLevelQ8, startLevelQ8) && fits(motor.sustainLevelQ8, lasting)) found++;
      else worst = `seed ${seed}: ${JSON.stringify(motor)} for start ${startLevelQ8}, lasting ${lasting}`;
    }
    process.stdout.write(`      ${found} of ${people} people with 2 % lapses\n`);
    assert.ok(found >= 90, `${found} of ${people}; ${worst}`);
  });

  it("find fewer strengths for who tells less apart", () => {
    const counts = [350, 450, 600].map((ratioQ8) => {
      const { result } = feel({ ...TYPICAL, ratioQ8 }, 5);
      return result?.ok ? result.profile.strengthsQ8.length : 0;
    });
    assert.ok(
      counts.every((count, i) => count >= 2 && (i === 0 || count <= (counts[i - 1] ?? 0))),
      `${counts}`,
    );
    assert.ok((counts[0] ?? 0) > (counts[2] ?? 0), `${counts}`);
  });

  it("say when somebody presses whatever comes, or never", () => {
    const guessing = feel({ ...TYPICAL, guessPercent: 100 }, 9).result;
    assert.equal(guessing?.ok, false);
    const absent = feel({ ...TYPICAL, lapsePercent: 100 }, 9).result;
    assert.deepEqual(absent, { ok: false, reason: "unsettled" });
  });

  it("put the profile back when they are left, or something throws", () => {
    for (const leave of [
      (band: TestBand) => band.session.stop(),
      (band: TestBand) => {
        band.events.push = () => {
          throw new Error("log full");
        };
        assert.throws(() => band.session.pause(), /log full/);
      },
    ]) {
      const profiles: MotorProfile[] = [];
      const motor = {
        get profile(): MotorProfile {
          return DEFAULT_PROFILE;
        },
        set profile(profile: MotorProfile) {
          profiles.push(profile);
        },
      };
      const results: StaircaseResult[] = [];
      const touchTrial = new HapticStaircase(motor, (each) => results.push(each));
      const band = new TestBand(10_000, { touchTrial });
      band.session.start({ program: "feel", by: "app" });
      band.advance(10_000);
      leave(band);
      assert.equal(profiles.at(-1), DEFAULT_PROFILE);
      assert.deepEqual(results, [{ ok: false, reason: "left" }]);
    }
  });
});
