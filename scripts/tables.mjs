// Prints the tables that the firmware holds as literals: `node scripts/tables.mjs`. Nothing is written. The tests
// compute each entry again, so a changed table shows there first.
const print = (name, entries) => {
  const lines = [];
  let line = " ";
  for (const entry of entries) {
    if (line.length + `${entry}, `.length > 119) {
      lines.push(line);
      line = " ";
    }
    line += ` ${entry},`;
  }
  process.stdout.write(`// ${name}\n${lines.concat(line).join("\n")}\n`);
};
const range = (count, entry) => Array.from({ length: count }, (_, i) => entry(i));

print(
  "base/sine: min(32767, round(2^15 * sin(i * pi / 512)))",
  range(257, (i) => Math.min(32767, Math.round(32768 * Math.sin((i * Math.PI) / 512)))),
);
print(
  "base/arctangent: round(2^22 * atan(2^-i) / (2 * pi)), in 2^-22 turns",
  range(20, (i) => Math.round((2 ** 22 * Math.atan(2 ** -i)) / (2 * Math.PI))),
);
print(
  "base/exponential: round(2^15 * exp(-i / 32))",
  range(257, (i) => Math.round(32768 * Math.exp(-i / 32))),
);
print(
  "hrv/recovery-grid: round(10000 * 2^(i / 8)), ms",
  range(49, (i) => Math.round(10000 * 2 ** (i / 8))),
);
