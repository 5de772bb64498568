export const report = { failed: 0, figures: [] };

/** One thing that must hold; a note of it is printed beside it. */
export async function check(what, work) {
  const fromMs = performance.now();
  try {
    const note = await work();
    process.stdout.write(`✔ ${what} (${Math.round(performance.now() - fromMs)} ms)${note ? `: ${note}` : ""}\n`);
  } catch (error) {
    report.failed++;
    process.stdout.write(`✘ ${what}\n  ${String(error.message).split("\n").slice(0, 12).join("\n  ")}\n`);
  }
}

export function demand(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}
