import assert from "node:assert/strict";
import { RrQueue } from "ble-gatt/rr-queue";
import fc from "fast-check";

function waiting(queue: RrQueue): number[] {
  const out = new Uint16Array(64);
  return Array.from(out.subarray(0, queue.peek(out)));
}

describe("queue of intervals", () => {
  it("gives the oldest first and keeps what is only looked at", () => {
    const queue = new RrQueue();
    for (const rr of [800, 810, 820]) queue.push(rr);
    const two = new Uint16Array(2);
    assert.equal(queue.peek(two), 2);
    assert.deepEqual(Array.from(two), [800, 810]);
    assert.equal(queue.count, 3);
  });

  it("gives each interval once when it was sent", () => {
    const queue = new RrQueue();
    for (const rr of [800, 810, 820]) queue.push(rr);
    queue.take(2);
    assert.deepEqual(waiting(queue), [820]);
    queue.sent();
    queue.unsent(); // nothing is on its way any more
    assert.deepEqual(waiting(queue), [820]);
    assert.equal(queue.dropped, 0);
  });

  it("puts what was not sent before what came meanwhile", () => {
    const queue = new RrQueue();
    for (const rr of [800, 810]) queue.push(rr);
    queue.take(2);
    queue.push(820);
    queue.unsent();
    assert.deepEqual(waiting(queue), [800, 810, 820]);
    assert.equal(queue.dropped, 0);
  });

  it("holds 10 s exactly and drops the oldest for one tick more", () => {
    const queue = new RrQueue();
    for (let i = 0; i < 10; i++) queue.push(1024); // 10 s
    assert.equal(queue.count, 10);
    assert.equal(queue.dropped, 0);
    queue.push(1);
    assert.equal(queue.count, 10);
    assert.equal(queue.dropped, 1);
    assert.deepEqual(waiting(queue), [1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1]);
  });

  it("drops the oldest of what comes back if it no longer fits", () => {
    const queue = new RrQueue();
    queue.push(2000);
    queue.push(2001);
    queue.take(2);
    for (let i = 0; i < 9; i++) queue.push(1000); // 9,000; 2001 more would be 11,001
    queue.unsent();
    assert.deepEqual(waiting(queue), [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000]);
    assert.equal(queue.dropped, 2);
  });

  it("holds 64 intervals, however short", () => {
    const queue = new RrQueue();
    for (let i = 1; i <= 65; i++) queue.push(i);
    assert.equal(queue.count, 64);
    assert.equal(waiting(queue)[0], 2);
    assert.equal(queue.dropped, 1);
  });

  it("takes back into a full ring only what there is room for", () => {
    const queue = new RrQueue();
    for (const rr of [1, 2, 3]) queue.push(rr);
    queue.take(3);
    for (let i = 0; i < 62; i++) queue.push(100);
    queue.unsent();
    assert.equal(queue.count, 64);
    assert.deepEqual(waiting(queue).slice(0, 3), [2, 3, 100]);
    assert.equal(queue.dropped, 1);
  });

  it("refuses and counts what is no interval, and takes its neighbours", () => {
    const queue = new RrQueue();
    for (const rr of [0, 1, 10_240, 10_241]) queue.push(rr);
    assert.deepEqual(waiting(queue), [10_240]); // 1 had to make room for 10 s
    assert.equal(queue.dropped, 3);
  });

  it("drops what waits, not what is on its way", () => {
    const queue = new RrQueue();
    for (const rr of [800, 810, 820]) queue.push(rr);
    queue.take(1);
    queue.drop();
    assert.equal(queue.count, 0);
    assert.equal(queue.dropped, 2);
    queue.unsent();
    assert.deepEqual(waiting(queue), [800]);
  });

  it("never loses one silently, repeats one or swaps two", () => {
    const step = fc.oneof(
      fc.constant({ kind: "push" } as const),
      fc.record({ kind: fc.constant("send" as const), room: fc.integer({ min: 0, max: 20 }), ok: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 9000 }), (steps, start) => {
        const queue = new RrQueue();
        const received: number[] = [];
        let next = start; // each interval is its own number
        for (const { kind, ...send } of steps) {
          if (kind === "push") queue.push(next++);
          else if ("room" in send) {
            const out = new Uint16Array(send.room);
            const count = queue.peek(out);
            queue.take(count);
            queue.push(next++); // a beat while the packet is on its way
            if (send.ok) {
              queue.sent();
              received.push(...out.subarray(0, count));
            } else queue.unsent();
          }
        }
        for (let i = 1; i < received.length; i++) assert.ok(received[i - 1]! < received[i]!); // both inside by the loop
        assert.equal(received.length + queue.count + queue.dropped, next - start);
      }),
      { seed: 0x5eed_0001, numRuns: 1000 },
    );
  });
});
