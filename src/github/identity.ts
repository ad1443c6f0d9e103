import type { Author, Viewer } from "./author.ts";
import { askGraphql } from "./graphql.ts";
import type { Session } from "./session.ts";

/** Whose token it is: asked when that is first needed, unless something that the token made has told it before. */
export interface Identity {
  viewer(): Promise<Viewer>;
  learn(author: Author | undefined): void;
}

const VIEWER = "query { viewer { login databaseId } }";

/** Nothing is asked yet. Methods throw what the session throws. */
export function connectIdentity(session: Session): Identity {
  let known: Viewer | undefined;
  return {
    viewer: async () => {
      if (known !== undefined) return known;
      const { viewer } = await askGraphql<{ viewer: { login: string; databaseId: number | null } }>(
        session,
        VIEWER,
        {},
      );
      known = { login: viewer.login, id: viewer.databaseId ?? undefined };
      return known;
    },
    learn: (author) => {
      known = author ?? known;
    },
  };
}
