import type { RecordedRequest } from "../../test/azure/traffic.ts";
import { GITHUB_API_HOST } from "../../test/github/github-api.ts";
import type { JobRecord } from "./run-record.ts";

/** Something besides comments that a run had GitHub show. */
export interface Post {
  readonly at: Date;
  /** The job that was running. */
  readonly job: string;
  readonly kind: "check" | "deployment" | "reaction";
  /** Of a check its conclusion or status, of a deployment its state or `deleted`, of a reaction its name. */
  readonly state: string;
  /** Of a check its name and title, of a deployment its environment or what was said of it. */
  readonly text: string;
  /** The address of what was deployed. */
  readonly url?: string;
}

type Told = Omit<Post, "at" | "job">;

const REPOSITORY = "/repos/[^/]+/[^/]+";
const READERS: readonly {
  readonly method: string;
  readonly path: RegExp;
  read(body: Readonly<Record<string, unknown>>): Told;
}[] = [
  { method: "POST", path: new RegExp(`^${REPOSITORY}/check-runs$`), read: readCheck },
  { method: "PATCH", path: new RegExp(`^${REPOSITORY}/check-runs/\\d+$`), read: readCheck },
  {
    method: "POST",
    path: new RegExp(`^${REPOSITORY}/deployments$`),
    read: (body) => ({ kind: "deployment", state: "created", text: textOf(body["environment"]) }),
  },
  {
    method: "POST",
    path: new RegExp(`^${REPOSITORY}/deployments/\\d+/statuses$`),
    read: (body) => {
      const url = textOf(body["environment_url"]);
      const told = { kind: "deployment", state: textOf(body["state"]), text: textOf(body["description"]) } as const;
      return url === "" ? told : { ...told, url };
    },
  },
  {
    method: "DELETE",
    path: new RegExp(`^${REPOSITORY}/deployments/\\d+$`),
    read: () => ({ kind: "deployment", state: "deleted", text: "" }),
  },
  {
    method: "POST",
    path: new RegExp(`^${REPOSITORY}/issues/comments/\\d+/reactions$`),
    read: (body) => ({ kind: "reaction", state: textOf(body["content"]), text: "" }),
  },
];

/** Checks, deployments and reactions that jobs, which ran one after the other, have sent and GitHub has taken. */
export function listPosts(
  requests: readonly RecordedRequest[],
  jobs: readonly Pick<JobRecord, "name" | "startedAt">[],
): readonly Post[] {
  return requests.flatMap(({ host, method, path, status, at, body }) => {
    if (host !== GITHUB_API_HOST || status >= 300) return [];
    const reader = READERS.find((each) => each.method === method && each.path.test(path));
    if (reader === undefined) return [];
    const told = reader.read(body === "" ? {} : (JSON.parse(body) as Record<string, unknown>));
    return [{ at, job: jobs.findLast(({ startedAt }) => startedAt <= at)?.name ?? "", ...told }];
  });
}

function readCheck(body: Readonly<Record<string, unknown>>): Told {
  const { title } = (body["output"] ?? {}) as { readonly title?: unknown };
  const words = [textOf(body["name"]), textOf(title)].filter((word) => word !== "");
  return { kind: "check", state: textOf(body["conclusion"]) || textOf(body["status"]), text: words.join(" — ") };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
