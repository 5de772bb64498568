import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commandOf } from "../../hosts/sim/page/commands.node.js";
import type { Command } from "../../web/messages.js";

const NAMES = "press, longPress, doublePress, pause, step, speed, answer, break, happen, begin, set";

describe("command of the page", () => {
  it("is one of those that there are", () => {
    const all: Command[] = [
      { do: "press" },
      { do: "longPress" },
      { do: "doublePress" },
      { do: "pause", on: true },
      { do: "step", ms: 20 },
      { do: "speed", times: 100 },
      { do: "speed", times: "max" },
      { do: "answer", rating: 5 },
      { do: "break", fault: "nackBurst" },
      { do: "happen", what: "breathe hold 20" },
      { do: "begin" },
      { do: "begin", person: "athlete", seed: 4_294_967_295 },
      { do: "set", settings: { program: 2, rateCentiPerMin: 550 } },
    ];
    for (const command of all) assert.deepEqual(commandOf(JSON.stringify(command)), { ok: true, command });
  });

  it("is refused with the reason", () => {
    for (const [body, reason] of [
      ["", "not JSON"],
      ["{", "not JSON"],
      ["null", "not an object"],
      ["[]", "not an object"],
      ['"press"', "not an object"],
      ["{}", `"do" is none of ${NAMES}`],
      ['{"do":"toString"}', `"do" is none of ${NAMES}`],
      ['{"do":"press","on":true}', '"press" takes no "on"'],
      ['{"do":"press","__proto__":1}', '"press" takes no "__proto__"'],
      ['{"do":"pause"}', '"on" is neither true nor false'],
      ['{"do":"pause","on":1}', '"on" is neither true nor false'],
      ['{"do":"step","ms":5}', '"ms" is none of 20, 1000'],
      ['{"do":"speed","times":3}', '"times" is none of 0.5, 1, 2, 5, 10, 20, 50, 100, max'],
      ['{"do":"speed","times":"1"}', '"times" is none of 0.5, 1, 2, 5, 10, 20, 50, 100, max'],
      ['{"do":"answer","rating":0}', '"rating" is none of 1, 2, 3, 4, 5'],
      ['{"do":"answer","rating":2.5}', '"rating" is none of 1, 2, 3, 4, 5'],
      ['{"do":"break","fault":"toString"}', '"fault" is none that can begin: docs/faults.md lists them'],
      ['{"do":"break","fault":"clockOff"}', '"fault" is none that can begin: docs/faults.md lists them'],
      ['{"do":"happen"}', '"what" is not a text'],
      ['{"do":"happen","what":"move flying"}', "say move still|typing|walking|running"],
      ['{"do":"begin","person":"nobody"}', '"person" is nobody that there is'],
      ['{"do":"begin","person":"../secret.json"}', '"person" is nobody that there is'],
      ['{"do":"begin","seed":-1}', '"seed" is not a whole number, 0 to 4294967295'],
      ['{"do":"begin","seed":4294967296}', '"seed" is not a whole number, 0 to 4294967295'],
      ['{"do":"set","settings":{}}', '"settings" has none'],
      ['{"do":"set","settings":{"isSupervised":1}}', 'there is no setting "isSupervised"'],
      ['{"do":"set","settings":{"program":"1"}}', '"program" is not a number'],
    ] as const)
      assert.deepEqual(commandOf(body), { ok: false, reason }, body);
  });
});
