/**
 * Ways out of a function. c/run.c replaces how the interpreter enters and leaves `try`, so each path it could get wrong
 * is taken here; V8 and XS must print the same.
 */

type Print = (line: string) => void;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/** What is thrown by `f`, by name; what it gives otherwise. */
function caught(f: () => unknown): string {
  try {
    return `gave ${String(f())}`;
  } catch (error) {
    return `threw ${nameOf(error)}`;
  }
}

function raise(what: string): never {
  throw new RangeError(what);
}

function finallyOrder(): string {
  const seen: string[] = [];
  const run = () => {
    try {
      seen.push("try");
      try {
        raise("inner");
      } finally {
        seen.push("inner finally");
      }
    } catch (error) {
      seen.push(nameOf(error));
      return "returned";
    } finally {
      seen.push("finally");
    }
    return "fell through";
  };
  seen.push(run());
  return seen.join(", ");
}

function loopExits(): string {
  const seen: string[] = [];
  outer: for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 3; j++) {
      try {
        if (i === 1) continue outer;
        if (i === 3) break outer;
        if (j === 1) break;
        seen.push(`${i}${j}`);
      } finally {
        seen.push("f");
      }
    }
  }
  return seen.join("");
}

function rethrow(): string {
  const seen: string[] = [];
  try {
    try {
      try {
        raise("first");
      } catch (error) {
        seen.push(nameOf(error));
        throw new TypeError("second");
      }
    } catch (error) {
      seen.push(nameOf(error));
      throw error;
    } finally {
      seen.push("finally");
    }
  } catch (error) {
    seen.push(nameOf(error));
  }
  return seen.join(", ");
}

/** The environment of closures must be the block's own after a throw has landed. */
function closures(): string {
  const made: (() => string)[] = [];
  for (let i = 0; i < 3; i++) {
    const outside = `o${i}`;
    try {
      const inTry = `t${i}`;
      made.push(() => outside + inTry);
      if (i !== 1) raise("");
    } catch {
      const inCatch = `c${i}`;
      made.push(() => outside + inCatch);
    } finally {
      const inFinally = `f${i}`;
      made.push(() => outside + inFinally);
    }
    made.push(() => outside);
  }
  return made.map((make) => make()).join(" ");
}

function* guardedNumbers(seen: string[]): Generator<number, string, number> {
  let sum = 0;
  for (let i = 0; ; i++) {
    try {
      const got = yield i;
      sum += got;
      if (sum > 5) return `sum ${sum}`;
    } catch (error) {
      const text = `caught ${nameOf(error)} at ${i}`;
      seen.push((() => text)());
    } finally {
      seen.push(`finally ${i}`);
    }
  }
}

function generatorThrow(): string {
  const seen: string[] = [];
  const generator = guardedNumbers(seen);
  generator.next();
  seen.push(String(generator.throw(new EvalError("in")).value));
  seen.push(String(generator.next(2).value));
  seen.push(String(generator.next(9).value), String(generator.next(0).done));
  return seen.join(", ");
}

function generatorReturn(): string {
  const seen: string[] = [];
  const generator = guardedNumbers(seen);
  generator.next();
  generator.next(1);
  const end = generator.return("early");
  return [...seen, end.value, end.done].join(", ");
}

function delegated(): string {
  const seen: string[] = [];
  function* inner(): Generator<string> {
    try {
      yield "a";
      yield "b";
    } catch (error) {
      seen.push(`inner ${nameOf(error)}`);
      yield "c";
    } finally {
      seen.push("inner done");
    }
  }
  function* outer(): Generator<string> {
    try {
      yield* inner();
      raise("after");
    } catch (error) {
      seen.push(`outer ${nameOf(error)}`);
    }
  }
  const generator = outer();
  seen.push(generator.next().value, generator.throw(new URIError("x")).value, String(generator.next().done));
  return seen.join(", ");
}

function iteratorClosed(): string {
  const seen: string[] = [];
  const iterable = {
    [Symbol.iterator]: () => ({
      next: () => ({ value: 1, done: false }),
      return: () => {
        seen.push("closed");
        return { value: undefined, done: true };
      },
    }),
  };
  for (const _ of iterable) break;
  seen.push(
    caught(() => {
      for (const _ of iterable) raise("");
    }),
  );
  const [first] = iterable;
  seen.push(String(first));
  return seen.join(", ");
}

class Base {
  constructor(fail: boolean) {
    if (fail) raise("base");
  }
}
class Derived extends Base {
  readonly made: string;
  constructor(fail: boolean) {
    try {
      super(fail);
    } finally {
      derivedSeen.push("finally");
    }
    this.made = "made";
  }
}
const derivedSeen: string[] = [];

function constructors(): string {
  derivedSeen.length = 0;
  const ok = new Derived(false).made;
  return [ok, caught(() => new Derived(true)), derivedSeen.join("+")].join(", ");
}

function throughNatives(): string {
  const fail = () => raise("");
  const proxy = new Proxy({ x: 1 }, { get: fail });
  const getter = Object.defineProperty({ y: 0 }, "y", { get: fail });
  return [
    caught(() => [1].forEach(fail)),
    caught(() => [1, 2].map(fail)),
    caught(() => [2, 1].sort(fail)),
    caught(() => [1].reduce(fail, 0)),
    caught(() => proxy.x),
    caught(() => getter.y),
    caught(() => "a".replace(/a/, fail)),
    caught(() => JSON.stringify({ toJSON: fail })),
    caught(() => JSON.parse("[1]", fail)),
    caught(() => Reflect.apply(fail, undefined, [])),
    caught(() => `${{ toString: fail }}`),
    caught(() => Array.from({ length: 2 }, fail)),
    caught(() => new Map([[1, 2]]).forEach(fail)),
  ].join(", ");
}

function syntaxErrors(): string {
  // biome-ignore lint/security/noGlobalEval: a syntax error inside eval is the case
  const evaluate = globalThis.eval;
  const half = "(";
  return [
    caught(() => JSON.parse("{")),
    caught(() => new RegExp(half)),
    caught(() => evaluate("let = ;")),
    caught(() => evaluate("(() => { try { null.x } catch (e) { return e.name } })()")),
  ].join(", ");
}

function deepUnwind(): string {
  const dive = (depth: number): number => {
    if (depth === 0) raise("bottom");
    try {
      return dive(depth - 1) + 1;
    } catch (error) {
      if (depth % 5 === 0) throw error;
      throw new TypeError(`at ${depth}`);
    }
  };
  return caught(() => dive(20));
}

function manyThrows(): string {
  let count = 0;
  for (let i = 0; i < 20_000; i++) {
    try {
      if (i % 3 === 0) throw i;
      raise("");
    } catch (error) {
      if (typeof error === "number") count += 1;
    }
  }
  return String(count);
}

function thrownValues(): string {
  return [undefined, null, 0, "text", true]
    .map((value) => {
      try {
        throw value;
      } catch (error) {
        return Object.is(error, value);
      }
    })
    .join();
}

async function asyncPaths(seen: string[]): Promise<void> {
  try {
    await Promise.reject(new EvalError("later"));
  } catch (error) {
    seen.push(nameOf(error));
    const inCatch = "kept";
    await undefined;
    seen.push((() => inCatch)());
  } finally {
    await undefined;
    seen.push("finally");
  }
}

async function* asyncNumbers(seen: string[]): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    await undefined;
    seen.push("closed");
  }
}

async function asyncCases(print: Print): Promise<void> {
  const seen: string[] = [];
  await asyncPaths(seen);
  print(`async try=${seen.splice(0).join(", ")}`);

  for await (const value of asyncNumbers(seen)) {
    seen.push(String(value));
    if (value === 2) break;
  }
  print(`async generator break=${seen.splice(0).join(", ")}`);

  try {
    for await (const _ of asyncNumbers(seen)) raise("in loop");
  } catch (error) {
    seen.push(nameOf(error));
  }
  print(`async generator throw=${seen.splice(0).join(", ")}`);

  const all = await Promise.all([1, Promise.reject(new URIError("one"))]).catch(nameOf);
  print(`Promise.all=${String(all)}`);
  const settled = await Promise.allSettled([Promise.reject(new TypeError("x")), 2]);
  print(`Promise.allSettled=${settled.map((result) => result.status).join()}`);
  const any = await Promise.any([Promise.reject(1), Promise.reject(2)]).catch((error) => nameOf(error));
  print(`Promise.any=${String(any)}`);
  const chained = await Promise.resolve()
    .then(() => raise("then"))
    .finally(() => seen.push("finally"))
    .catch((error) => `${nameOf(error)} after ${seen.splice(0).join()}`);
  print(`then finally catch=${chained}`);
  const thenable = await new Promise((resolve) =>
    resolve({
      // biome-ignore lint/suspicious/noThenProperty: a thenable that throws is the case
      then() {
        raise("thenable");
      },
    }),
  ).catch(nameOf);
  print(`thenable=${String(thenable)}`);
}

const CASES: Readonly<Record<string, () => string>> = {
  "finally order": finallyOrder,
  "loop exits": loopExits,
  rethrow,
  closures,
  "generator throw": generatorThrow,
  "generator return": generatorReturn,
  delegated,
  "iterator closed": iteratorClosed,
  constructors,
  "through natives": throughNatives,
  "syntax errors": syntaxErrors,
  "deep unwind": deepUnwind,
  "many throws": manyThrows,
  "thrown values": thrownValues,
};

/** Prints one line a case; the promise resolves after the last. */
export async function exceptions(print: Print): Promise<void> {
  for (const [name, run] of Object.entries(CASES)) print(`${name}=${caught(run)}`);
  await asyncCases(print);
}
