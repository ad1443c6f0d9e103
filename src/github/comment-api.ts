import type { Author } from "./author.ts";
import { askGraphql } from "./graphql.ts";
import { GitHubRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

export interface Comment {
  readonly id: number | bigint;
  /** What GraphQL calls it by. */
  readonly nodeId: string;
  readonly body: string;
  readonly url: string;
  readonly author: Author | undefined;
  /** Undefined where the server does not tell. */
  readonly hidden: boolean | undefined;
}

/** The comments of one issue or pull request, as far as a comment of ours needs them. Methods throw what the session throws. */
export interface CommentApi {
  list(): Promise<readonly Comment[]>;
  /** Undefined when it is gone. */
  find(id: Comment["id"]): Promise<Comment | undefined>;
  create(body: string): Promise<Comment>;
  /** False when it is gone. */
  edit(id: Comment["id"], body: string): Promise<boolean>;
  hide(nodeId: string): Promise<void>;
  show(nodeId: string): Promise<void>;
  /** Of these, the node ids of those that are hidden. */
  listHidden(nodeIds: readonly string[]): Promise<ReadonlySet<string>>;
}

const PER_PAGE = 100;
/** So many ids GraphQL takes at once. */
const MOST_IDS = 100;
const HIDDEN = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { id isMinimized } } }";
const HIDE =
  "mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } } }";
const SHOW =
  "mutation ($id: ID!) { unminimizeComment(input: { subjectId: $id }) { unminimizedComment { isMinimized } } }";

/** Nothing is asked yet. @throws UserError `github-repository-invalid` */
export function connectComments(session: Session, repository: string, issue: number): CommentApi {
  const place = splitRepository(repository);
  return {
    list: async () => {
      const { paginate, rest } = await session.octokit();
      const options = { ...place, issue_number: issue, per_page: PER_PAGE };
      return (await paginate(rest.issues.listComments, options)).map(readComment);
    },
    find: (id) =>
      unlessGone(async () => {
        const { rest } = await session.octokit();
        const { data } = await rest.issues.getComment({ ...place, comment_id: Number(id) });
        return readComment(data);
      }),
    create: async (body) => {
      const { rest } = await session.octokit();
      const { data } = await rest.issues.createComment({ ...place, issue_number: issue, body });
      return readComment(data);
    },
    edit: async (id, body) => {
      const edited = await unlessGone(async () => {
        const { rest } = await session.octokit();
        return rest.issues.updateComment({ ...place, comment_id: Number(id), body });
      });
      return edited !== undefined;
    },
    hide: async (nodeId) => {
      await askGraphql(session, HIDE, { id: nodeId });
    },
    show: async (nodeId) => {
      await askGraphql(session, SHOW, { id: nodeId });
    },
    listHidden: async (nodeIds) => {
      const hidden = new Set<string>();
      for (let from = 0; from < nodeIds.length; from += MOST_IDS) {
        const ids = nodeIds.slice(from, from + MOST_IDS);
        const { nodes } = await askGraphql<Nodes>(session, HIDDEN, { ids });
        for (const node of nodes) if (node?.isMinimized === true) hidden.add(node.id);
      }
      return hidden;
    },
  };
}

interface Nodes {
  readonly nodes: readonly ({ readonly id: string; readonly isMinimized: boolean } | null)[];
}

/** What of a comment's answer is used; the field `minimized` is newer than some servers. */
interface Shown {
  readonly id: number | bigint;
  readonly node_id: string;
  readonly body?: string | null;
  readonly html_url: string;
  readonly user?: { readonly id: number | bigint; readonly login: string } | null;
  readonly minimized?: object | null;
}

function readComment(shown: Shown): Comment {
  // A proxy's page with the status 200 would be taken for a conversation without a comment of ours.
  if (typeof shown.node_id !== "string") throw strangeAnswer();
  const { user } = shown;
  return {
    id: shown.id,
    nodeId: shown.node_id,
    body: shown.body ?? "",
    url: shown.html_url,
    author: user ? { id: user.id, login: user.login } : undefined,
    hidden: shown.minimized === undefined ? undefined : shown.minimized !== null,
  };
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const status = error instanceof GitHubRefusal ? error.answer.status : undefined;
    if (status === 404 || status === 410) return undefined;
    throw error;
  }
}
