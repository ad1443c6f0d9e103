import { existsSync } from "node:fs";
import { join, normalize } from "node:path";
import { type ActionManifest, readManifest } from "./action-manifest.ts";
import { type Folders, linkTree } from "./folders.ts";
import type { Job } from "./job.ts";
import type { StandIn } from "./stand-in.ts";
import { findStandIn } from "./stand-ins.ts";

/** An action as a step refers to it, ready to run. */
export interface ResolvedAction {
  /** As the runner names it in the log. */
  readonly display: string;
  readonly folder: string;
  /** From the workspace (`./`): no pre stage, no repository. */
  readonly local: boolean;
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly manifest: ActionManifest;
  /** Runs instead of the manifest's process. */
  readonly standIn: StandIn | undefined;
}

/** Finds actions: `$/` in a copy of the repository, `./` in the workspace, others only where the job maps them. */
export interface ActionSource {
  /** `around` is the composite that holds the step. Throws when the action cannot be had. */
  resolve(uses: string, around: ResolvedAction | undefined): ResolvedAction;
}

/** Folders of the repository that every copy holds. */
const committed = ["actions", "dist", "package.json"];

/** A source of actions for a job of `repository` at `sha`; brings the repository on the first `$/`. */
export function createActionSource(job: Job, folders: Folders, repository: string, sha: string): ActionSource {
  let copy: string | undefined;
  const own = (): string => {
    if (copy === undefined) {
      copy = join(folders.actions, repository, sha);
      linkTree(job.repositoryRoot, copy, [...committed, ...(job.alsoCommitted ?? [])]);
    }
    return copy;
  };
  const load = (folder: string, rest: Omit<ResolvedAction, "folder" | "manifest" | "standIn">): ResolvedAction => ({
    ...rest,
    folder: normalize(folder),
    manifest: readManifest(folder),
    standIn: undefined,
  });
  return {
    resolve: (uses, around) => {
      if (uses.startsWith("$/")) {
        if (around?.repository !== undefined && around.repository !== repository) {
          throw new Error(`"${uses}" stands in an action of ${around.repository}, which this harness does not hold`);
        }
        return load(join(own(), uses.slice(2)), { display: uses, local: false, repository, ref: sha });
      }
      if (uses.startsWith("./")) {
        const folder = join(folders.workspace, uses);
        return load(folder, { display: uses, local: true, repository: undefined, ref: undefined });
      }
      if (uses.startsWith("docker://")) throw new Error(`"${uses}": container actions are not supported`);
      return resolveForeign(uses, job, load);
    },
  };
}

function resolveForeign(
  uses: string,
  job: Job,
  load: (folder: string, rest: Omit<ResolvedAction, "folder" | "manifest" | "standIn">) => ResolvedAction,
): ResolvedAction {
  const [place = "", ref = ""] = uses.split("@");
  const [owner, name, ...path] = place.split("/");
  const repository = `${owner}/${name}`;
  const replacement = job.replace?.[uses] ?? job.replace?.[place];
  if (replacement !== undefined) {
    if (!existsSync(replacement)) throw new Error(`"${uses}" is replaced by ${replacement}, which does not exist`);
    return load(replacement, { display: uses, local: false, repository, ref });
  }
  const standIn = path.length === 0 ? findStandIn(repository) : undefined;
  if (standIn === undefined) {
    throw new Error(`"${uses}" is not in this repository; map it with \`replace\` to a local folder to run it here`);
  }
  const { manifest } = standIn;
  return { display: uses, folder: "", local: false, repository, ref, manifest, standIn };
}
