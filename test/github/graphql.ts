import { bodyJson, jsonResponse, type WireRequest, type WireResponse } from "../azure/wire.ts";
import { writeNeeds } from "./comments.ts";
import { type Document, Enum, type Field, parseDocument, type Selection, type Value } from "./graphql-document.ts";
import type { Comment, Issue, Repository } from "./repository.ts";
import type { GitHubSettings } from "./settings.ts";
import { type Grant, hasRole, mayDo, reaches } from "./tokens.ts";

/** An object of the graph: its type, and how each of its fields is found. */
interface Node {
  readonly type: string;
  readonly fields: Readonly<Record<string, (args: Readonly<Record<string, Value>>, path: Path) => unknown>>;
}

type Path = readonly (string | number)[];

/** One of the `errors` of an answer; the field that it is about is null. */
class GraphError extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

const CLASSIFIERS = new Set(["SPAM", "ABUSE", "OFF_TOPIC", "OUTDATED", "DUPLICATE", "RESOLVED"]);
const MOST_IDS = 100;

/** Answers `/graphql` as far as comments need it: `viewer`, `node`, `nodes`, `minimizeComment`, `unminimizeComment`. */
export function answerGraphql(
  request: WireRequest,
  grant: Grant,
  repositories: () => readonly Repository[],
  settings: GitHubSettings,
): WireResponse {
  const body = bodyJson(request) ?? {};
  const errors: unknown[] = [];
  let document: Document;
  try {
    document = parseDocument(`${body["query"] ?? ""}`, (body["variables"] ?? {}) as Record<string, unknown>);
  } catch (failure) {
    return jsonResponse(200, { errors: [{ message: failure instanceof Error ? failure.message : `${failure}` }] });
  }

  const findNode = (id: Value): readonly [Repository, Issue, Comment] => {
    for (const repository of repositories()) {
      if (!reaches(grant, repository)) continue;
      for (const issue of repository.issues.values()) {
        const comment = issue.comments.find(({ nodeId }) => nodeId === id);
        if (comment !== undefined) return [repository, issue, comment];
      }
    }
    throw new GraphError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  };
  const commentNode = (id: Value): Node => {
    const [, , comment] = findNode(id);
    return {
      type: "IssueComment",
      fields: {
        id: () => comment.nodeId,
        databaseId: () => comment.id,
        body: () => comment.body,
        isMinimized: () => comment.minimized !== undefined,
        minimizedReason: () => comment.minimized ?? null,
        author: () => ({
          type: comment.author.type,
          fields: { login: () => comment.author.login.replace("[bot]", "") },
        }),
      },
    };
  };
  const viewer = (): Node => {
    const { id, nodeId, login } = grant.account;
    return {
      type: "User",
      fields: {
        login: () => (settings.viewerHasSuffix ? login : login.replace("[bot]", "")),
        id: () => nodeId,
        databaseId: () => (settings.viewerHasDatabaseId ? id : null),
      },
    };
  };
  /** Hides a comment, or shows it again: any comment, whoever wrote it, for those who may write. */
  const mark = (given: Value | undefined, minimized: boolean): Node => {
    const input = (given ?? {}) as Readonly<Record<string, Value>>;
    const classifier = input["classifier"];
    const word = classifier instanceof Enum ? classifier.word : classifier;
    if (minimized && !CLASSIFIERS.has(`${word}`))
      throw new GraphError("argumentLiteralsIncompatible", `Argument 'classifier' on InputObject has an invalid value`);
    const [repository, issue, comment] = findNode(input["subjectId"] ?? null);
    if (!mayDo(grant, repository, writeNeeds(issue, settings)) || !hasRole(grant, repository, "triage")) {
      const by = grant.kind === "installation" ? "integration" : "personal access token";
      throw new GraphError("FORBIDDEN", `Resource not accessible by ${by}`);
    }
    comment.minimized = minimized ? `${word}`.toLowerCase().replaceAll("_", "-") : undefined;
    const name = minimized ? "minimizedComment" : "unminimizedComment";
    return {
      type: minimized ? "MinimizeCommentPayload" : "UnminimizeCommentPayload",
      fields: { clientMutationId: () => input["clientMutationId"] ?? null, [name]: () => commentNode(comment.nodeId) },
    };
  };
  const root: Node =
    document.operation === "mutation"
      ? {
          type: "Mutation",
          fields: {
            minimizeComment: ({ input }) => mark(input, true),
            unminimizeComment: ({ input }) => mark(input, false),
          },
        }
      : {
          type: "Query",
          fields: {
            viewer,
            node: ({ id }) => commentNode(id ?? null),
            nodes: ({ ids }, path) => {
              const list = Array.isArray(ids) ? ids : [];
              if (list.length > MOST_IDS)
                throw new GraphError(
                  "ARGUMENT_LIMIT",
                  `You may not provide more than ${MOST_IDS} node ids; you provided ${list.length}.`,
                );
              return list.map((id, index) => guarded([...path, index], () => commentNode(id)));
            },
          },
        };

  const guarded = (path: Path, work: () => unknown): unknown => {
    try {
      return work();
    } catch (failure) {
      if (!(failure instanceof GraphError)) throw failure;
      errors.push({ type: failure.kind, path, locations: [{ line: 1, column: 1 }], message: failure.message });
      return null;
    }
  };
  const show = (value: unknown, selection: readonly Selection[], path: Path): unknown => {
    if (Array.isArray(value)) return value.map((each, index) => show(each, selection, [...path, index]));
    return isNode(value) ? showNode(value, selection, path) : value;
  };
  const showNode = (node: Node, selection: readonly Selection[], path: Path): Record<string, unknown> =>
    Object.assign({}, ...selection.map((each) => showSelection(node, each, path)));
  const showSelection = (node: Node, each: Selection, path: Path): Record<string, unknown> => {
    if (each.kind === "on") return each.type === node.type ? showNode(node, each.selection, path) : {};
    const { name, alias, args, selection } = each.field;
    if (name === "__typename") return { [alias]: node.type };
    const find = node.fields[name];
    if (find === undefined) throw unknownField(node, each.field, path);
    const here = [...path, alias];
    const value = guarded(here, () => find(args, here));
    return { [alias]: show(value, selection, here) };
  };

  try {
    const data = showNode(root, document.selection, []);
    return jsonResponse(200, errors.length === 0 ? { data } : { data, errors });
  } catch (failure) {
    // A document that does not fit the schema is refused as a whole.
    if (!(failure instanceof SchemaError)) throw failure;
    return jsonResponse(200, { errors: [failure.shown] });
  }
}

class SchemaError extends Error {
  readonly shown: unknown;
  constructor(shown: unknown) {
    super("The document does not fit the schema");
    this.shown = shown;
  }
}

function unknownField({ type }: Node, { name }: Field, path: Path): SchemaError {
  const message = `Field '${name}' doesn't exist on type '${type}'`;
  const extensions = { code: "undefinedField", typeName: type, fieldName: name };
  return new SchemaError({ path: ["query", ...path, name], extensions, locations: [{ line: 1, column: 1 }], message });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "fields" in value && "type" in value;
}
