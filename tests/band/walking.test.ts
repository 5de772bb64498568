import assert from "node:assert/strict";
import { BeatVerdict } from "hrv/beat";
import { describe, it } from "mocha";
import { ContactState } from "ppg/contact";
import { Person } from "../../hosts/sim/person/person.js";
import { SECOND_US, WatchedBand } from "../sim/rig.js";
import { withBug } from "../torture/rig.js";

describe("variability", function () {
  this.timeout(60_000);

  it("takes no interval of a walk, in which the band says that it knows of no pulse", async () => {
    const person = new Person({
      seed: 11,
      options: {
        place: "finger",
        script: [
          { atUs: 40 * SECOND_US, happening: { what: "move", motion: "walking" } },
          { atUs: 300 * SECOND_US, happening: { what: "move", motion: "still" } },
        ],
      },
    });
    // Not a bug, but a word at each beat that variability takes.
    const { boot } = await withBug("band/rhythm-sense", "beat(beat) {", 'beat(beat) { hostPrint("taken");');
    let isWorn = false;
    let takenWorn = 0;
    let taken = 0;
    let guesses = 0;
    const watched = new WatchedBand(boot, person, {
      contact: (state) => {
        isWorn = state === ContactState.Worn;
      },
      beat: (_upstroke, _rr, verdict) => {
        if (!isWorn && verdict === BeatVerdict.Accepted) guesses++;
      },
      print: () => {
        taken++;
        if (isWorn) takenWorn++;
      },
    });
    await watched.band.run(330 * SECOND_US);
    watched.band.close();
    assert(guesses > 20, `${guesses} intervals of the arm were accepted while the contact was in doubt`);
    assert(takenWorn > 30);
    assert.equal(taken, takenWorn);
  });
});
