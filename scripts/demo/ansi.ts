// biome-ignore lint/suspicious/noControlCharactersInRegex: escape is what a colour begins with
const COLOUR = /\u001b\[([\d;]*)m/;

/** A piece of text, with the classes of the colours that it was printed in. */
export interface Coloured {
  readonly text: string;
  /** Such as `ansi-1` (bold) and `ansi-36` (cyan); the numbers are those of SGR. */
  readonly classes: readonly string[];
}

/** Takes a line apart at its colour sequences, those that GitHub's log knows: bold, and the sixteen colours. */
export function splitColours(line: string): readonly Coloured[] {
  const pieces: Coloured[] = [];
  let codes: readonly number[] = [];
  const parts = line.split(COLOUR);
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) codes = part.split(";").reduce(applyCode, codes);
    else if (part !== "") pieces.push({ text: part, classes: codes.map((code) => `ansi-${code}`) });
  }
  return pieces;
}

function applyCode(codes: readonly number[], text: string): readonly number[] {
  const code = Number(text || "0");
  if (code === 0) return [];
  if (code === 22) return codes.filter((one) => one !== 1);
  const isColour = (one: number): boolean => (one >= 30 && one <= 37) || (one >= 90 && one <= 97);
  if (code === 39) return codes.filter((one) => !isColour(one));
  if (isColour(code)) return [...codes.filter((one) => !isColour(one)), code];
  return code === 1 && !codes.includes(1) ? [...codes, 1] : codes;
}
