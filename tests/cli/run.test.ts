import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { Run } from "../../hosts/sim/cli/run.js";
import type { SimulateOptions } from "../../hosts/sim/cli/sim-options.js";
import { sourceOf } from "../../hosts/sim/cli/source.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";
import type { Command } from "../../web/messages.js";

const options: SimulateOptions = { person: "calm", seed: 3, column: "ppg", speed: 1, engine: "v8", press: false };

function rig(stays?: string) {
  const lines: string[] = [];
  let begun = 0;
  const run = new Run({
    options,
    source: sourceOf(options),
    boot: bootV8,
    log: undefined,
    stays,
    ears: { tell: (line) => lines.push(JSON.stringify(line)), note: () => {} },
    onBegin: () => {
      begun++;
    },
  });
  /** Asked for while a step goes on, done between two. */
  const between = async (command: Command): Promise<string | undefined> => {
    const answer = run.do(command);
    run.between();
    return answer;
  };
  return { run, lines, between, count: () => begun };
}

describe("run of the simulator", () => {
  it("begins anew with the same seed, and says the same", async () => {
    const { run, lines, between, count } = rig();
    await run.live.run(15_000, () => {});
    const first = lines.splice(0);
    assert.equal(await between({ do: "begin" }), undefined);
    assert.equal(count(), 1);
    assert.equal(run.live.played.nowMs, 0);
    await run.live.run(15_000, () => {});
    assert(first.length > 10);
    assert.deepEqual(lines, first);
    run.live.played.band.close();
  });

  it("is worn by somebody else, by another seed, and says how to have that again", async () => {
    const { run, between } = rig();
    assert.equal(await between({ do: "begin", person: "athlete", seed: 7 }), undefined);
    assert.deepEqual([run.title, run.person, run.seed], ["athlete, seed 7", "athlete", 7]);
    assert.match(run.state.command, /--person athlete --seed 7/);
    run.live.played.band.close();
  });

  it("plays a recording, which cannot be changed, and again when it begins anew", async () => {
    const { run, between } = rig();
    const played = run.play("mine.csv.gz", readRecording("recordings/neurokit_rest5min.csv.gz"));
    run.between();
    assert.equal(await played, undefined);
    assert.equal(run.person, null);
    assert.match(run.state.command, /--recording mine\.csv\.gz/);
    assert.equal(await between({ do: "happen", what: "yawn" }), "a recording cannot be changed: choose a person");
    assert.equal(await between({ do: "begin" }), undefined);
    assert.match(run.title, /neurokit/);
    assert.equal(await between({ do: "begin", person: "calm" }), undefined);
    assert.equal(run.person, "calm");
    run.live.played.band.close();
  });

  it("does not make room where something hangs on it", async () => {
    const { run, between, count } = rig("lines are being written");
    const { live } = run;
    assert.equal(await between({ do: "begin" }), "lines are being written");
    assert.equal(run.live, live);
    assert.equal(count(), 0);
    live.played.band.close();
  });

  it("goes step by step while time stands", () => {
    const { run } = rig();
    assert.equal(run.do({ do: "step", ms: 20 }), undefined);
    assert.equal(run.isPaused, true);
    assert.deepEqual([run.step(), run.step()], [20, 0]);
    run.live.played.band.close();
  });

  it("sets what the band reads at its next start, within the firmware's ranges", async () => {
    const { run, between } = rig();
    await run.live.run(10_000, () => {});
    assert.equal(await between({ do: "set", settings: { rateCentiPerMin: 2000 } }), "rateCentiPerMin: outOfRange");
    assert.equal(await between({ do: "set", settings: { rateCentiPerMin: 500 } }), undefined);
    run.do({ do: "press" }); // while it starts: it is pressed once it is up
    const paces: number[] = [];
    for (let atMs = 11_000; atMs <= 30_000; atMs += 1000) {
      await run.live.run(atMs, () => {});
      if (run.live.state("", "", false).session.includes("running")) paces.push(atMs);
    }
    assert(paces.length > 10, "the session runs");
    assert.match(run.state.command, /# set at 10\.000 s: rateCentiPerMin 500$/);
    assert.equal(run.live.played.band.restarts.length, 0); // nothing has failed
    run.live.played.band.close();
  });

  it("answers a check-in at the band's count, and not beside one", async () => {
    const { run, lines, between } = rig();
    assert.equal(await between({ do: "answer", rating: 3 }), "the band does not ask, or has counted past it");
    assert.equal(await between({ do: "set", settings: { program: 1 } }), undefined);
    run.do({ do: "press" });
    const phase = (): string | undefined =>
      lines
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === "session")
        .at(-1)?.phase;
    let atMs = 0;
    for (; phase() !== "before" && atMs < 20_000; atMs += 100) await run.live.run(atMs, () => {});
    assert.equal(await between({ do: "answer", rating: 3 }), undefined);
    // Ticks come every 2 s: the third has been felt 6 s after the count began.
    await run.live.run(atMs + 5800, () => {});
    assert.equal(phase(), "before");
    await run.live.run(atMs + 8500, () => {});
    assert.equal(phase(), "breathe");
    run.live.played.band.close();
  });
});
