import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clip, clockText, renderLine, renderView, type ViewState } from "../../hosts/sim/cli/live-view.js";
import { levels, plot, Trace } from "../../hosts/sim/cli/trace.js";

const nothing: ViewState = {
  title: "a recording",
  elapsedMs: 0,
  durationMs: 300_000,
  speed: "1×",
  isPaused: false,
  contact: undefined,
  trace: [],
  bpm: undefined,
  bpmReason: "not worn",
  beats: [],
  batteryPercent: undefined,
  batteryMv: 4060,
  session: "idle",
  link: "off",
  engine: "starting",
  log: [],
};
const worn: ViewState = {
  ...nothing,
  elapsedMs: 65_400,
  contact: "worn",
  trace: Array.from({ length: 200 }, (_, i) => ({ light: 1000 - (i % 16), motor: 0, mark: undefined })),
  bpm: 62,
  bpmReason: "",
  beats: [
    { rrMs: undefined, verdict: "first" },
    { rrMs: 967.77, verdict: "accepted" },
  ],
  batteryPercent: 84,
  link: "advertising",
};
const ESC = "\x1b";
const plain = (text: string): string => text.replaceAll(new RegExp(`${ESC}\\[\\d+m`, "g"), "");
const row = (picture: string, label: string): string =>
  plain(picture)
    .split("\n")
    .find((line) => line.startsWith(label))
    ?.slice(12) ?? assert.fail(`no row "${label}"`);

describe("live view", () => {
  it("fits the terminal's width, whatever that is", () => {
    for (const columns of [20, 40, 59, 80, 100, 200])
      for (const line of plain(renderView(worn, columns)).split("\n"))
        assert([...line].length <= Math.min(columns, 112), `${columns}: ${line}`);
    assert.equal([...row(renderView(worn, 80), "pulse")].length, 68); // 80 less the labels' 12
    assert.equal([...row(renderView(worn, 200), "pulse")].length, 88); // no wider than 100 in all
  });

  it("has the same number of lines from the start on, so that nothing jumps", () => {
    assert.equal(renderView(nothing, 80).split("\n").length, renderView(worn, 80).split("\n").length);
  });

  it("draws what is absent as a dash with its reason", () => {
    const picture = renderView(nothing, 80);
    assert.equal(row(picture, "contact"), "–  not known yet");
    assert.equal(row(picture, "heart rate"), "–  not worn");
    assert.equal(row(picture, "RR, ms"), "–  no beat yet");
    assert.equal(row(picture, "battery"), "–  not measured yet");
    assert.equal(row(picture, "pulse"), "");
    const line = renderLine(nothing);
    assert.match(
      line,
      /contact – \(not known yet\) {2}heart rate – \(not worn\) {2}RR – .*battery – \(not measured yet\)/,
    );
    assert.doesNotMatch(picture + line, /NaN|undefined|null|\b0 bpm/);
  });

  it("shows what there is, with its units", () => {
    const picture = renderView(worn, 80);
    assert.match(plain(picture), /^Resilience Band · simulated · a recording · 1× · 1:05 of 5:00\n/);
    assert.equal(row(picture, "heart rate"), "62 bpm");
    assert.equal(row(picture, "RR, ms"), "(first)  968");
    assert.equal(row(picture, "battery"), "84 %  4.06 V");
    assert.equal(row(picture, "motor"), "still");
    assert.equal(
      renderLine(worn),
      " 1:05  worn  heart rate 62 bpm  RR 968 ms  motor still  session idle  battery 84 %  link advertising",
    );
  });

  it("says that it is paused", () => assert.match(plain(renderView({ ...worn, isPaused: true }, 80)), / · paused · /));

  it("turns the light upside down: a pulse is a dip of light and goes up", () => {
    const trace = [9, 9, 1, 9].map((light) => ({ light, motor: 0, mark: undefined }));
    const lines = plain(renderView({ ...worn, trace }, 80)).split("\n");
    assert.deepEqual(
      lines.slice(3, 6).map((line) => line.slice(12)),
      ["  █ ", "  █ ", "▁▁█▁"],
    );
  });

  it("marks beats and shows the motor under the pulse", () => {
    const trace = [
      { light: 1, motor: 0, mark: "counts" },
      { light: 1, motor: 1, mark: undefined },
      { light: 1, motor: 0.5, mark: "does not" },
    ] as const;
    const picture = renderView({ ...worn, trace }, 80);
    assert.equal(row(picture, "beats"), "♥ ·");
    assert.equal(row(picture, "motor"), " █▄");
  });

  it("clips by what is seen and lets every colour end", () => {
    assert.equal(clip(`${ESC}[1mabc${ESC}[22mdef`, 2), `${ESC}[1mab${ESC}[22m`);
    assert.equal(clip("▁▂▃♥", 3), "▁▂▃");
    assert.equal(clip("abc", 3), "abc");
  });

  it("writes times as a clock does", () => {
    assert.equal(clockText(0), "0:00");
    assert.equal(clockText(59_999), "0:59");
    assert.equal(clockText(65_000), "1:05");
    assert.equal(clockText(3_600_000), "60:00");
  });
});

describe("trace", () => {
  it("draws one line on the scale from the lowest to the highest", () => {
    assert.deepEqual(plot([10, 11, 12, 13, 14, 15, 16, 17], 1), ["▁▂▃▄▅▆▇█"]);
    assert.deepEqual(plot([-70, 0], 1), ["▁█"]);
  });

  it("draws over several lines", () => {
    // 16 eighths in two lines: 0 → the 1st, 15 → the 16th, 7 → the 8th, 8 → the 9th
    assert.deepEqual(plot([0, 7, 8, 15], 2), ["  ▁█", "▁███"]);
  });

  it("leaves a gap where there is no value, and a flat line flat", () => {
    assert.deepEqual(plot([5, undefined, 5], 1), ["▁ ▁"]);
    assert.deepEqual(plot([undefined, undefined], 2), ["  ", "  "]);
    assert.deepEqual(plot([], 2), ["", ""]);
  });

  it("draws levels from a true zero", () => {
    assert.equal(levels([0, 0.01, 0.5, 1, 2]), " ▁▄██");
  });

  it("puts a beat's mark where its upstroke was, long after", () => {
    const trace = new Trace(50, 4);
    for (let i = 0; i < 6; i++) trace.look(100 + i, 0); // looks at 50 .. 300 ms, of which 150 .. 300 are left
    trace.mark(210, true); // nearest to the look at 200 ms
    trace.mark(290, false);
    trace.mark(40, true); // gone
    assert.deepEqual(
      trace.columns.map(({ light, mark }) => [light, mark]),
      [
        [102, undefined],
        [103, "counts"],
        [104, undefined],
        [105, "does not"],
      ],
    );
  });
});
