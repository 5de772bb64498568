import assert from "node:assert/strict";
import { BUILD_TIMEOUT_MS, DEVICE, expectOk, failure, makeWorld, type World } from "./world.js";

/** The module as it would be preloaded, then sealed; `use` imports it and runs afterwards. */
async function preloaded(module: string, use = ""): Promise<World & { violations: string[]; outcome: string }> {
  const world = await makeWorld({ modules: { m: module, use }, creation: { ...DEVICE, staticBytes: 1 << 20 } });
  expectOk(world.machine.freezeIntrinsics());
  expectOk(world.machine.importModule("m"));
  const violations = world.machine.preloadViolations("m");
  expectOk(world.machine.sealFlash());
  const outcome = world.machine.importModule("use");
  return { ...world, violations, outcome: outcome.ok ? "ok" : failure(outcome) };
}

describe("engine preload rules", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("freeze every built-in that can be reached", async () => {
    const { machine, printed } = await makeWorld();
    expectOk(machine.freezeIntrinsics());
    expectOk(
      machine.evaluate(`{
        const seen = new Set([globalThis]), queue = [];
        const add = (value, path) => {
          if (Object(value) === value && !seen.has(value)) { seen.add(value); queue.push([value, path]); }
        };
        for (const key of Reflect.ownKeys(globalThis)) add(globalThis[key], String(key));
        add(Object.getPrototypeOf(async function () {}), "AsyncFunction.prototype");
        add(Object.getPrototypeOf(function* () {}), "GeneratorFunction.prototype");
        add(Object.getPrototypeOf(async function* () {}), "AsyncGeneratorFunction.prototype");
        add(Object.getPrototypeOf(Int8Array), "TypedArray");
        add(Object.getPrototypeOf([][Symbol.iterator]()), "ArrayIterator.prototype");
        add(Object.getPrototypeOf(new Map()[Symbol.iterator]()), "MapIterator.prototype");
        add(Object.getPrototypeOf(""[Symbol.iterator]()), "StringIterator.prototype");
        add(Object.getPrototypeOf("".matchAll(/x/g)), "RegExpStringIterator.prototype");
        let count = 0;
        while (queue.length) {
          const [object, path] = queue.pop();
          count++;
          if (!Object.isFrozen(object)) hostPrint("not frozen: " + path);
          add(Object.getPrototypeOf(object), path + ".__proto__");
          for (const key of Reflect.ownKeys(object)) {
            const property = Reflect.getOwnPropertyDescriptor(object, key);
            for (const part of ["value", "get", "set"]) add(property[part], path + "." + String(key));
          }
        }
        hostPrint(count > 500 ? "many" : "only " + count);
      } 0`),
    );
    assert.deepEqual(printed, ["many"]);
  });

  it("make a write to a built-in throw, in a module body too", async () => {
    const { machine } = await makeWorld({
      modules: { m: "Array.prototype.last = 1;", n: "Math.PI2 = 6;", o: "Object.x = 1" },
    });
    expectOk(machine.freezeIntrinsics());
    for (const name of ["m", "n", "o"]) assert.match(failure(machine.importModule(name)), /^exception: TypeError: /);
    expectOk(machine.evaluate("globalThis.open = 1; 0")); // the global object stays open, as on the device
  });

  it("refuse an Error subclass that assigns its name, accept one that declares it", async () => {
    const { machine, printed } = await makeWorld();
    expectOk(machine.freezeIntrinsics());
    const source = (body: string) => `class Lost extends Error { ${body} } hostPrint(String(new Lost("x"))); 0`;
    assert.match(failure(machine.evaluate(source("constructor(m) { super(m); this.name = 'Lost'; }"))), /TypeError/);
    expectOk(machine.evaluate(source("name = 'Lost';").replace("Lost", "Lost2").replace("new Lost(", "new Lost2(")));
    assert.deepEqual(printed, ["Lost: x"]);
  });

  it("leave built-ins working", async () => {
    const { machine, printed } = await makeWorld();
    expectOk(machine.freezeIntrinsics());
    expectOk(
      machine.evaluate(`
        class E extends Error { name = "E"; }
        const o = { toString() { return "mine"; } };
        const list = [3, 1, 2]; list.sort(); list.length = 2;
        const m = new Map([[1, 2]]); m.set(3, 4);
        const r = /a(b)/g; r.exec("ab");
        function* g() { yield 1; yield 2; }
        hostPrint([new E("x"), o, list, m.size, r.lastIndex, [...g()], new Date(0).getTime(), JSON.stringify({ a: 1 })].join());
        Promise.resolve(5).then(hostPrint); 0`),
    );
    assert.deepEqual(printed, ['E: x,mine,1,2,2,2,1,2,0,{"a":1}', "5"]);
  });

  const clean = `
    const enumLike = Object.freeze({ A: 1, B: 2 });
    const table = Object.freeze([1, 2, 3]);
    let count = 0;
    const list = [];
    const settings = { rate: 100, inner: { on: true } };
    export class Ring {
      #at = 0;
      items = new Int32Array(4);
      map = new Map();
      push(x) { this.items[this.#at++ & 3] = x; this.map.set(x, x); count++; list.push(x); settings.inner.on = false; return count; }
      static of(x) { const ring = new Ring(); ring.push(x); return ring; }
    }
    export const shared = new (class { #n = 0; up() { return ++this.#n; } })();
    export const read = () => enumLike.A + table[0] + list.length + count;
  `;

  it("pass a clean module, whose lets, arrays, objects and instances stay writable", async () => {
    const use = `import { Ring, read, shared } from "m";
      const ring = Ring.of(7); ring.push(8); shared.up();
      hostPrint([ring.items.join(), ring.map.size, read(), shared.up()].join(" "));`;
    const { violations, outcome, printed } = await preloaded(clean, use);
    assert.deepEqual(violations, []);
    assert.equal(outcome, "ok");
    assert.deepEqual(printed, ["7,8,0,0 2 6 2"]);
  });

  // [what the module holds, the write, what the violation starts with, what the write does once sealed]
  const held: readonly (readonly [module: string, write: string, violation: RegExp, thrown: RegExp])[] = [
    ["const seen = new Map(); export const use = () => seen.set(1, 2);", "use()", /^seen: Map /, /read-only/],
    ["const seen = new Set(); export const use = () => seen.add(1);", "use()", /^seen: Set /, /read-only/],
    ["export const ring = new Int32Array(4);", "ring[0] = 1", /^ring: typed array /, /read-only/],
    [
      "const ring = new Uint8Array(4); export function use() { ring.fill(1); }",
      "use()",
      /^ring: typed array /,
      /read-only/,
    ],
    ["export const b = new ArrayBuffer(4);", "new Uint8Array(b)[0] = 1", /^b: ArrayBuffer /, /read-only/],
    [
      "const v = new DataView(new ArrayBuffer(4)); export const use = () => v.setInt8(0, 1);",
      "use()",
      /^v: DataView /,
      /read-only/,
    ],
    ["export class C { static count = 0; }", "C.count++", /^C\.count: static field /, /TypeError/],
    [
      "const o = { deep: [new Map()] }; export const use = () => o.deep[0].set(1, 1);",
      "use()",
      /^o\.deep\[0\]: Map /,
      /read-only/,
    ],
    [
      "class C { #m = new Set(); up() { this.#m.add(1); } } export const c = new C();",
      "c.up()",
      /^c\.#m: Set /,
      /read-only/,
    ],
    [
      "export class C { static #n = 0; static up() { return ++C.#n; } }",
      "C.up()",
      /^C\.#n: static field /,
      /TypeError/,
    ],
    [
      "class C { #n = 0; up() { return ++this.#n; } #p() {} } export const c = Object.freeze(new C());",
      "c.up()",
      /^c\.#n: private field /,
      /TypeError/,
    ],
    ["export const weak = new WeakMap();", "weak.set({}, 1)", /^weak: WeakMap or WeakSet /, /read-only/],
  ];
  for (const [module, write, violation, thrown] of held)
    it(`find and refuse: ${module.slice(0, 60)}`, async () => {
      const names = [...module.matchAll(/export (?:const|class|function) (\w+)/g)].map((match) => match[1]);
      const { violations, outcome } = await preloaded(module, `import { ${names.join(", ")} } from "m"; ${write};`);
      assert.equal(violations.length, 1, violations.join("\n"));
      assert.match(violations[0] ?? "", violation);
      assert.match(outcome, /^exception: TypeError: /);
      assert.match(outcome, thrown);
    });

  it("refuse to reassign a let that holds a function, as the linker makes it const", async () => {
    const module = "let f = () => 1; export const set = () => { f = () => 2; }; export const get = () => f();";
    const { outcome } = await preloaded(module, `import { set } from "m"; set();`);
    assert.match(outcome, /^exception: TypeError: /);
  });

  it("find what cannot be linked at all", async () => {
    const regExp = await preloaded("const pattern = /a/g; export const test = (s) => pattern.test(s);");
    assert.match(regExp.violations.join(), /^pattern: regular expression cannot be preloaded/);
    const generator = await preloaded("const g = (function* () { yield 1; })(); export const next = () => g.next();");
    assert.match(generator.violations.join(), /^g: generator cannot be preloaded/);
    const promise = await preloaded("export const p = Promise.resolve(1);");
    assert.match(promise.violations.join(), /^p: promise cannot be preloaded/);
    const call = await preloaded("hostCall(1); export const x = 1;");
    assert.match(call.violations.join(), /module body calls the host/);
  });

  it("accept a frozen class with constants", async () => {
    const { violations } = await preloaded("export class C { static A = 1; static B = 2; } Object.freeze(C);");
    assert.deepEqual(violations, []);
  });

  it("blame a module only for its own state", async () => {
    const modules = {
      m: `import { seen } from "n"; export const read = () => seen();`,
      n: "const s = new Map(); export const seen = () => s.size;",
    };
    const { machine } = await makeWorld({ modules });
    expectOk(machine.freezeIntrinsics());
    expectOk(machine.importModule("m"));
    assert.deepEqual(machine.preloadViolations("m"), []);
    assert.equal(machine.preloadViolations("n").length, 1);
    assert.throws(() => machine.preloadViolations("nowhere"), /is not loaded/);
  });

  it("do not touch what is made after sealing", async () => {
    const { machine } = await makeWorld({
      modules: { m: "export const x = 1;", main: "const m = new Map(); m.set(1, 1); new Uint8Array(2)[0] = 1;" },
    });
    expectOk(machine.freezeIntrinsics());
    expectOk(machine.importModule("m"));
    expectOk(machine.sealFlash());
    expectOk(machine.importModule("main"));
  });
});
