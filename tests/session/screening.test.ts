import assert from "node:assert/strict";
import { PROGRAMS, type ProgramName } from "session/programs";
import { TestBand } from "./band.js";

const MINUTE_MS = 60_000;
const names = Object.keys(PROGRAMS) as ProgramName[]; // its own keys

/** A band whose page has told what the screening came to. */
function bandOf(screening: "notAsked" | "clear" | "applies", isSupervised = false): TestBand {
  const band = new TestBand();
  band.settings.screening = screening;
  band.settings.isSupervised = isSupervised;
  return band;
}

describe("the screening before first use", () => {
  it("lets nothing begin where something applies, whoever asks; the wearer feels that it was refused", () => {
    for (const program of names)
      for (const by of ["button", "app", "nudge"] as const) {
        const band = bandOf("applies");
        assert.equal(band.session.start({ program, by }), "screening", program);
        assert.equal(band.session.state, "idle");
        assert.deepEqual(band.cues(), ["refused"]);
      }
  });

  it("lets it begin in supervised mode", () => {
    const band = bandOf("applies", true);
    assert.equal(band.session.start({ program: "breathe", by: "button" }), undefined);
  });

  it("keeps a band on which nobody answered it to the first week: no load, no long assessment, five minutes", () => {
    for (const program of ["recover", "findPace", "findPaceSlide"] as const)
      assert.equal(bandOf("notAsked").session.start({ program, by: "button" }), "afterWeekOne", program);
    const band = bandOf("notAsked");
    assert.equal(band.session.start({ program: "breathe", by: "app", chosenMs: 19 * MINUTE_MS }), undefined);
    band.advance(19 * MINUTE_MS);
    assert.equal(band.ended?.reason, "cap");
    assert.equal(band.ended?.lastedMs, 5 * MINUTE_MS);
  });

  it("lets nobody hold the breath before it was answered", () => {
    const band = bandOf("notAsked");
    band.settings.pace = { rateCentiPerMin: 500, inhalePermille: 400, holdFullMs: 1_000 };
    assert.equal(band.session.start({ program: "breathe", by: "button" }), "screening");
    assert.equal(band.session.start({ program: "bodyScan", by: "button" }), undefined, "it leads no breath");
    band.session.stop();
    band.settings.screening = "clear";
    assert.equal(band.session.start({ program: "breathe", by: "button" }), undefined);
  });
});
