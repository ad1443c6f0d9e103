import { UserError } from "../kit/user-error.ts";

interface Candidate<T> {
  /** Entries with the same key are the same image under several names. */
  readonly key: string;
  readonly names: readonly string[];
  readonly value: T;
}

/**
 * The image that is meant: the only one, or the one of a name.
 *
 * @throws UserError `image-not-found` for none, or none of that name; `image-ambiguous` for several
 */
export function choose<T>(label: string, candidates: readonly Candidate<T>[], pick: string | undefined): T {
  const fitting =
    pick === undefined ? candidates : candidates.filter(({ names }) => names.some((name) => fits(name, pick)));
  const [first, ...others] = fitting;
  if (first === undefined) {
    const text =
      pick === undefined
        ? `There is no image in ${label}.`
        : `There is no image "${pick}" in ${label}: it has ${list(candidates)}.`;
    throw new UserError("image-not-found", `${text} Build or save it again.`);
  }
  if (others.every(({ key }) => key === first.key)) return first.value;
  const text = `There are several images in ${label}: ${list(fitting)}. Save one image to a file, or name the one that is meant: ${label}#<name or digest>`;
  throw new UserError("image-ambiguous", text);
}

/** docker writes `docker.io/library/app:1` for what its user calls `app:1`. */
function fits(name: string, pick: string): boolean {
  return name === pick || name === `docker.io/${pick}` || name === `docker.io/library/${pick}`;
}

function list(candidates: readonly Candidate<unknown>[]): string {
  return candidates.map(({ key, names }) => names[0] ?? key).join(", ") || "none";
}
