/** Who wrote a comment, as REST tells it. */
export interface Author {
  readonly id: number | bigint | undefined;
  /** Of an app's bot with `[bot]` at its end. */
  readonly login: string;
}

/** Whose token this is, as GraphQL tells it: `GET /user` knows no apps, and so no job's token. */
export type Viewer = Author;

/**
 * Whether the token's owner wrote it: by the number, which nobody can take, or by an app's login, which no person can
 * have. A login without `[bot]` proves nothing: a person may be called as an app is.
 */
export function isSame(viewer: Viewer, author: Author | undefined): boolean {
  if (author === undefined) return false;
  if (viewer.id !== undefined && author.id !== undefined && BigInt(viewer.id) === BigInt(author.id)) return true;
  const login = viewer.login.toLowerCase();
  return login.endsWith("[bot]") && login === author.login.toLowerCase();
}
