import assert from "node:assert/strict";
import { supervise } from "session/limits";
import { SESSION_EVENTS, SESSION_STATES, SESSION_TABLE } from "session/session-table";
import { newFigures, STEPS, take, Walker } from "./walker.js";

/** New ground is gone over for so long before the next state is taken up from a fresh band: ways stay short. */
const STEPS_IN_A_ROW = 12;
/** Sessions are capped at five minutes, so that the walk gets there. */
const supervised = supervise({ sessionMs: 300_000, assessmentMs: 360_000 });
assert.ok(supervised.ok);

interface Node {
  readonly path: readonly number[];
  next: number;
}

describe("the walk through every state and every event", () => {
  it("finds the promises of the safety table kept", function () {
    this.timeout(240_000);
    const figures = newFigures();
    const nodes = new Map<string, Node>();
    const frontier: string[] = [];
    const states = new Set<string>();
    let transitions = 0;

    const arrive = (walker: Walker, path: readonly number[]): Node => {
      const key = walker.key();
      states.add(walker.band.session.state);
      let node = nodes.get(key);
      if (node === undefined) {
        node = { path: [...path], next: 0 };
        nodes.set(key, node);
        frontier.push(key);
      }
      return node;
    };

    arrive(new Walker(figures, supervised.limits), []);
    for (let key = frontier.shift(); key !== undefined; key = frontier.shift()) {
      for (let from = nodes.get(key); from !== undefined && from.next < STEPS.length; ) {
        const walker = new Walker(figures, supervised.limits);
        const path: number[] = [];
        for (const index of from.path) take(walker, path, index);
        assert.equal(walker.key(), key, "the way to a state leads there again");
        let at: Node = from;
        for (let i = 0; i < STEPS_IN_A_ROW && at.next < STEPS.length; i++) {
          take(walker, path, at.next++);
          transitions++;
          at = arrive(walker, path);
        }
        walker.done();
      }
    }

    process.stdout.write(
      `      ${nodes.size} abstract states, ${transitions} transitions (${STEPS.length} events in each); ` +
        `${figures.stops} stop gestures, silent within ${figures.silentMs} ms of contact; ${figures.nudges} nudges; ` +
        `longest session ${figures.longestMs / 1000} s\n`,
    );
    assert.equal(transitions, nodes.size * STEPS.length);
    assert.deepEqual([...states].sort(), [...SESSION_STATES].sort());
    assert.equal(figures.silentMs, 10); // a drive that is deaf three times is told again at once, and 10 ms later
    assert.ok(figures.nudges > 0, "no nudge was ever due: the rule was not tried");
    for (const kind of ["refused", "answer", "scoringOver", "notOk", "ended"]) assert.ok(figures.seen.has(kind), kind);
  });
});

describe("the session table", () => {
  it("has at most one row for each state and event, and one for the stop gesture in every state", () => {
    for (const state of SESSION_STATES)
      for (const event of SESSION_EVENTS) {
        const rows = SESSION_TABLE.filter((row) => row.on === event && row.from.includes(state));
        assert.ok(rows.length <= 1, `${state} ${event}`);
        if (["stop", "notOk", "batteryEmpty", "fault"].includes(event)) assert.equal(rows[0]?.does[0], "silence");
      }
  });
});
