import { isDeepStrictEqual } from "node:util";

/** One leg's values. */
export type MatrixLeg = Readonly<Record<string, unknown>>;

/** The legs of an evaluated `strategy.matrix`, with GitHub's rules for `exclude` and `include`. */
export function expandMatrix(matrix: Readonly<Record<string, unknown>>): readonly MatrixLeg[] {
  const { include, exclude, ...axes } = matrix;
  const excluded = asLegs(exclude, "exclude");
  let combinations: readonly MatrixLeg[] = Object.keys(axes).length === 0 ? [] : [{}];
  for (const [name, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) throw new Error(`matrix.${name} is not a list`);
    combinations = combinations.flatMap((leg) => values.map((value: unknown) => ({ ...leg, [name]: value })));
  }
  const legs = combinations
    .filter((leg) => !excluded.some((pattern) => agrees(leg, pattern, Object.keys(pattern))))
    .map((original) => ({ original, leg: { ...original } as Record<string, unknown> }));
  const extra: MatrixLeg[] = [];
  for (const addition of asLegs(include, "include")) {
    // Values of the axes must agree and stay; values that an earlier include added may be overwritten.
    const fitting = legs.filter(({ original }) =>
      agrees(
        original,
        addition,
        Object.keys(addition).filter((key) => key in original),
      ),
    );
    for (const { leg } of fitting) Object.assign(leg, addition);
    if (fitting.length === 0) extra.push(addition);
  }
  return [...legs.map(({ leg }) => leg), ...extra];
}

function agrees(leg: MatrixLeg, pattern: MatrixLeg, keys: readonly string[]): boolean {
  return keys.every((key) => isDeepStrictEqual(leg[key], pattern[key]));
}

function asLegs(value: unknown, what: string): readonly MatrixLeg[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`matrix.${what} is not a list`);
  return value as readonly MatrixLeg[];
}
