import { UserError } from "../kit/user-error.ts";
import { type ClusterEntry, readClusterEntry } from "./kubeconfig-cluster.ts";
import { type ConfigFile, readConfigFile } from "./kubeconfig-file.ts";
import { findKubeconfigFiles } from "./kubeconfig-files.ts";
import { readUserEntry, type UserEntry } from "./kubeconfig-user.ts";

export interface KubeconfigOptions {
  /** Undefined: the files of KUBECONFIG, else `~/.kube/config`. */
  readonly kubeconfig: string | undefined;
  /** Undefined: the current one. */
  readonly context: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What one context of a kubeconfig leads to. Paths in it are absolute. */
export interface Kubeconfig {
  /** The files, for messages. */
  readonly source: string;
  readonly context: string;
  readonly namespace: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

/**
 * Reads a kubeconfig as kubectl does: of several files the first that names something counts, and what is missing of
 * KUBECONFIG's list is left out.
 *
 * @throws UserError `kubeconfig-missing`; `kubeconfig-invalid` with all that is wrong
 */
export function readKubeconfig(options: KubeconfigOptions): Kubeconfig {
  const files = findKubeconfigFiles(options).map(readConfigFile);
  const source = files.map(({ path }) => path).join(", ");
  const problems = files.flatMap((file) => file.problems);
  const refuse = (): UserError => {
    const list = problems.map((problem) => `\n- ${problem}`).join("");
    return new UserError("kubeconfig-invalid", `The kubeconfig ${source} cannot be used:${list}`);
  };
  if (problems.length > 0) throw refuse();

  const context =
    options.context ?? files.map(({ currentContext }) => currentContext).find((name) => name !== "") ?? "";
  const found = findEntry(files, "contexts", context);
  if (found === undefined) {
    problems.push(explainContext(files, options.context));
    throw refuse();
  }
  const note = (problem: string): void => void problems.push(problem);
  const { cluster: clusterName, user: userName, namespace } = found.fields;
  const cluster = readNamed(files, "clusters", clusterName, context, note, readClusterEntry);
  const user = readNamed(files, "users", userName ?? "", context, note, readUserEntry);
  if (cluster === undefined || user === undefined || problems.length > 0) throw refuse();
  return {
    source,
    context,
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default",
    cluster,
    user,
  };
}

type Note = (problem: string) => void;
type Fields = Readonly<Record<string, unknown>>;
type Reader<T> = (
  fields: Fields,
  at: { readonly name: string; readonly path: string; note(problem: string): void },
) => T | undefined;

function findEntry(files: readonly ConfigFile[], kind: "clusters" | "contexts" | "users", name: unknown) {
  for (const { path, ...file } of files) {
    const fields = file[kind].get(String(name));
    if (fields !== undefined) return { path, fields };
  }
  return undefined;
}

function readNamed<T>(
  files: readonly ConfigFile[],
  kind: "clusters" | "users",
  name: unknown,
  context: string,
  note: Note,
  read: Reader<T>,
): T | undefined {
  const what = kind.slice(0, -1);
  // A context without a user asks as nobody, as `kubectl proxy` is asked.
  if (kind === "users" && name === "") return read({}, { name: "", path: "", note });
  const found = findEntry(files, kind, name);
  if (found !== undefined) return read(found.fields, { name: String(name), path: found.path, note });
  const known = files.flatMap((file) => [...file[kind].keys()]);
  note(
    `context "${context}": its ${what} is ${typeof name === "string" ? `"${name}", which is not there` : "not named"}. ${listNames(kind, known)}`,
  );
  return undefined;
}

function explainContext(files: readonly ConfigFile[], wanted: string | undefined): string {
  const known = files.flatMap((file) => [...file.contexts.keys()]);
  if (wanted !== undefined) return `there is no context "${wanted}". ${listNames("contexts", known)}`;
  const current = files.map(({ currentContext }) => currentContext).find((name) => name !== "");
  if (current !== undefined) return `its current-context "${current}" is not there. ${listNames("contexts", known)}`;
  const advice = known.length === 0 ? "" : ` Name one: kubectl config use-context ${known[0]}`;
  return `it has no current-context. ${listNames("contexts", known)}${advice}`;
}

function listNames(kind: string, names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length === 0 ? `It has no ${kind}.` : `Its ${kind}: ${unique.map((name) => `"${name}"`).join(", ")}.`;
}
