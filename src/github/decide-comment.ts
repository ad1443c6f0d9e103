/** A comment as far as the choice needs it. */
export interface Candidate {
  readonly id: number | bigint;
  readonly body: string;
  readonly hidden: boolean | undefined;
}

/** Which comment stays ours, and which others of ours have to go out of sight. */
export interface Choice<C extends Candidate> {
  readonly keep: C | undefined;
  readonly hide: readonly C[];
}

/**
 * The oldest that is shown, else the oldest: no comment that is added meanwhile changes that. So writers who do not know
 * of each other keep the same one, and an address that one of them has told stays good.
 */
export function chooseComment<C extends Candidate>(ours: readonly C[]): Choice<C> {
  const sorted = ours.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const shown = sorted.filter(({ hidden }) => hidden !== true);
  const keep = shown[0] ?? sorted[0];
  return { keep, hide: shown.filter((comment) => comment !== keep) };
}

/** The comments that begin with the marker, whoever wrote them. */
export function beginningWith<C extends Candidate>(comments: readonly C[], marker: string): readonly C[] {
  return comments.filter(({ body }) => body.startsWith(marker));
}

/** Whether a comment says this already; browsers write other line ends. */
export function says({ body }: Candidate, text: string): boolean {
  return plain(body) === plain(text);
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
