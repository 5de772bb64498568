/**
 * Numbers at the edges through everything that converts them. V8 and XS must print the same but for `KNOWN`. A compiler
 * that folds XS's casts (see recipe.node.ts) gets about a fifth of these lines wrong while all else seems to work.
 */

/**
 * What XS 13.3 does not do as the standard says: 'abc'.charAt(x) far past the end gives 'a' instead of '' (xsString.c),
 * and -2147483648 decremented wraps around (xsRun.c, XS_CODE_DECREMENT tests for -2147483647).
 */
export const KNOWN: readonly string[] = [
  "1e300 charAt",
  "Infinity charAt",
  "-Infinity charAt",
  "4294967296.5 charAt",
  "min--",
];

// Made at run time, by parseFloat: a literal might be folded by a compiler on the way.
const EDGES = ["3e9", "1e300", "NaN", "Infinity", "-Infinity", "4294967296.5"];

const show = (value: unknown): string => (Object.is(value, -0) ? "-0" : String(value));

/** The value, or the name of what was thrown: messages differ between engines. */
function attempt(compute: () => unknown): string {
  try {
    return show(compute());
  } catch (error) {
    return error instanceof Error ? error.name : "threw no Error";
  }
}

function viewed(x: number, set: (view: DataView, value: number) => void): string {
  const view = new DataView(new ArrayBuffer(8));
  set(view, x);
  return [view.getInt32(0), view.getInt32(4)].join(" ");
}

const OPERATIONS: Readonly<Record<string, (x: number) => unknown>> = {
  "|0": (x) => x | 0,
  ">>>0": (x) => x >>> 0,
  "<<1": (x) => x << 1,
  "~": (x) => ~x,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: Math.round,
  sign: Math.sign,
  abs: Math.abs,
  imul: (x) => Math.imul(x, 3),
  clz32: Math.clz32,
  "+1": (x) => x + 1,
  "-": (x) => -x,
  "%7": (x) => x % 7,
  String: (x) => String(x),
  hexadecimal: (x) => (x === 1e300 ? x.toString(16).length : x.toString(16)),
  isInteger: Number.isInteger,
  isSafeInteger: Number.isSafeInteger,
  Int8Array: (x) => new Int8Array([x])[0],
  Uint8ClampedArray: (x) => new Uint8ClampedArray([x])[0],
  Int16Array: (x) => new Int16Array([x])[0],
  Uint16Array: (x) => new Uint16Array([x])[0],
  Int32Array: (x) => new Int32Array([x])[0],
  Uint32Array: (x) => new Uint32Array([x])[0],
  setInt8: (x) => viewed(x, (view, value) => view.setInt8(0, value)),
  setUint16: (x) => viewed(x, (view, value) => view.setUint16(0, value)),
  setInt32: (x) => viewed(x, (view, value) => view.setInt32(0, value)),
  setUint32: (x) => viewed(x, (view, value) => view.setUint32(0, value)),
  setFloat32: (x) => viewed(x, (view, value) => view.setFloat32(0, value)),
  slice: (x) => "abc".slice(x),
  at: (x) => "abc".at(x),
  charAt: (x) => "abc".charAt(x),
  substring: (x) => "abc".substring(x),
  indexOf: (x) => "abcabc".indexOf("a", x),
  lastIndexOf: (x) => "abcabc".lastIndexOf("a", x),
  arrayAt: (x) => [1, 2, 3].at(x),
  arraySlice: (x) => [1, 2, 3].slice(x).join(),
  key: (x) => Object.keys({ [x]: 1 })[0],
  newArray: (x) => new Array(x).length,
  repeat: (x) => "ab".repeat(x).length,
  Date: (x) => new Date(x).getTime(),
  BigInt: (x) => BigInt(x).toString().length,
  compare: (x) => [x < 2147483647, x <= 2147483647, x > 2147483647, x === Number(x)].join(),
};

/** int32 arithmetic that leaves int32, and what stays. */
const OVERFLOWS: Readonly<Record<string, (max: number, min: number) => unknown>> = {
  "max+1": (max) => max + 1,
  "max*2": (max) => max * 2,
  "max*max": (max) => max * max,
  "min-1": (_, min) => min - 1,
  "-min": (_, min) => -min,
  "min/-1": (_, min) => min / -1,
  "min%-1": (_, min) => min % -1,
  "0%-1": (max) => (max - max) % -1,
  "max++": (max) => {
    let x = max;
    x++;
    return x;
  },
  "min--": (_, min) => {
    let x = min;
    x--;
    return x;
  },
  "1<<31": (max) => (max & 1) << 31,
  "-1>>>0": (max) => -(max & 1) >>> 0,
  "min>>31": (_, min) => min >> 31,
  "65536*65536": (max) => ((max & 65535) + 1) * ((max & 65535) + 1),
  "2**31": (max) => ((max & 1) + 1) ** 31,
  "2**-1": (max) => ((max & 1) + 1) ** -1,
  "0*-1": (max) => (max - max) * -1,
  abs: (_, min) => Math.abs(min),
  round: (max) => Math.round(max + 0.5),
  sum: (max, min) => max + max + min,
  index: (max) => [1][max + 1],
};

const TEXTS = [
  "2147483647",
  "2147483648",
  "-2147483648",
  "-2147483649",
  "4294967295",
  "1e21",
  "3e9",
  "-0",
  "0x80000000",
];

const LITERALS: Readonly<Record<string, number>> = {
  "2147483647": 2147483647,
  "2147483648": 2147483648,
  "-2147483648": -2147483648,
  "-2147483649": -2147483649,
  "4294967295": 4294967295,
  "4294967296": 4294967296,
  "3e9": 3e9,
  "1e21": 1e21,
  "1e-7": 1e-7,
  "0.1+0.2": 0.1 + 0.2,
  "5e-324": 5e-324,
  "1.7976931348623157e308": 1.7976931348623157e308,
};

export function numbers(print: (line: string) => void): void {
  for (const edge of EDGES) {
    const x = Number.parseFloat(edge);
    for (const [name, compute] of Object.entries(OPERATIONS)) print(`${edge} ${name}=${attempt(() => compute(x))}`);
  }
  const max = Number.parseInt("2147483647", 10);
  for (const [name, compute] of Object.entries(OVERFLOWS)) print(`${name}=${attempt(() => compute(max, -max - 1))}`);
  for (const [name, value] of Object.entries(LITERALS)) print(`literal ${name}=${show(value)}`);
  for (const text of TEXTS) {
    print(`Number ${text}=${show(Number(text))}`);
    print(`parseFloat ${text}=${show(Number.parseFloat(text))}`);
    print(`JSON.parse ${text}=${attempt(() => JSON.parse(text))}`);
    print(`JSON.stringify ${text}=${JSON.stringify(Number(text))}`);
  }
}
