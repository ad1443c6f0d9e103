// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { randomInt } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { ActionManifest } from "./action-manifest.ts";
import { copyTree } from "./folders.ts";
import type { Status } from "./job.ts";
import type { Frame } from "./job-run.ts";
import { addIssue, write } from "./stage-record.ts";

/** A foreign action whose visible effect happens here, in this process. */
export interface StandIn {
  readonly manifest: ActionManifest;
  readonly run: (frame: Frame, inputs: Readonly<Record<string, string>>) => Status;
}

/** The stand-in for a repository, for any ref of it. */
export const findStandIn = (repository: string): StandIn | undefined => standIns[repository];

function manifest(name: string, inputs: Readonly<Record<string, string>>): ActionManifest {
  const declared = Object.entries(inputs).map(([input, value]) => [
    input,
    { default: value, deprecationMessage: undefined },
  ]);
  const runs = { kind: "node", main: "", pre: undefined, preIf: "", post: undefined, postIf: "" } as const;
  return { name, inputs: Object.fromEntries(declared), outputs: [], runs };
}

/** Copies the repository root to where a checkout would put it. */
const checkout: StandIn = {
  manifest: manifest("Checkout", {
    repository: "${{ github.repository }}",
    ref: "",
    token: "${{ github.token }}",
    path: ".",
    "persist-credentials": "true",
    "fetch-depth": "1",
    "sparse-checkout": "",
    submodules: "false",
    clean: "true",
  }),
  run: (frame, inputs) => {
    const { job, folders, github } = frame.run;
    if (inputs["repository"] !== github.repository) {
      addIssue(frame.record, "error", `Repository '${inputs["repository"]}' not found`);
      return "failure";
    }
    const target = resolve(folders.workspace, inputs["path"] ?? ".");
    write(frame.record, "plain", `Syncing repository: ${github.repository}`);
    copyTree(job.repositoryRoot, target);
    frame.outputs["ref"] = inputs["ref"] || github.ref;
    frame.outputs["commit"] = github.sha;
    return "success";
  },
};

/** Copies the files of an artifact to the job's `artifacts` folder, below the artifact's name. */
const uploadArtifact: StandIn = {
  manifest: manifest("Upload a Build Artifact", {
    name: "artifact",
    path: "",
    "if-no-files-found": "warn",
    "retention-days": "",
    "compression-level": "6",
    overwrite: "false",
    "include-hidden-files": "false",
    archive: "true",
  }),
  run: (frame, inputs) => {
    const name = inputs["name"] ?? "";
    const files = findFiles(
      inputs["path"] ?? "",
      frame.run.folders.workspace,
      inputs["include-hidden-files"] === "true",
    );
    if (files.length === 0) {
      const text = `No files were found with the provided path: ${inputs["path"]}. No artifacts will be uploaded.`;
      const policy = inputs["if-no-files-found"];
      if (policy === "error") addIssue(frame.record, "error", text);
      else if (policy === "ignore") write(frame.record, "plain", text);
      else addIssue(frame.record, "warning", text);
      return policy === "error" ? "failure" : "success";
    }
    const store = frame.run.job.artifacts ?? join(frame.run.folders.root, "artifacts");
    const folder = join(store, name);
    if (existsSync(folder)) {
      if (inputs["overwrite"] !== "true") {
        addIssue(
          frame.record,
          "error",
          "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run",
        );
        return "failure";
      }
      rmSync(folder, { recursive: true });
    }
    const root = commonFolder(files);
    for (const file of files) {
      const target = join(folder, relative(root, file));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(file, target);
    }
    const { server_url: server, repository, run_id: runId } = frame.run.github;
    const id = String(randomInt(1e9));
    frame.outputs["artifact-id"] = id;
    frame.outputs["artifact-url"] = `${server}/${repository}/actions/runs/${runId}/artifacts/${id}`;
    write(frame.record, "plain", `With the provided path, there will be ${files.length} file(s) uploaded`);
    write(frame.record, "plain", `Artifact ${name} has been successfully uploaded! Artifact ID is ${id}`);
    return "success";
  },
};

/** Files below the given paths: folders, globs, and `!` to leave some out, one per line. */
function findFiles(paths: string, workspace: string, hidden: boolean): readonly string[] {
  const lines = paths.split("\n").map((line) => line.trim());
  const expand = (pattern: string): readonly string[] =>
    globSync(resolve(workspace, pattern)).flatMap((found) =>
      statSync(found).isDirectory()
        ? readdirSync(found, { recursive: true, encoding: "utf8" }).map((name) => join(found, name))
        : [found],
    );
  const left = new Set(lines.filter((line) => line.startsWith("!")).flatMap((line) => expand(line.slice(1))));
  const wanted = lines.filter((line) => line !== "" && !line.startsWith("!")).flatMap(expand);
  return [...new Set(wanted)].filter(
    (file) => !left.has(file) && statSync(file).isFile() && (hidden || !isHidden(relative(workspace, file))),
  );
}

const isHidden = (path: string): boolean =>
  path.split(sep).some((part) => part.startsWith(".") && part !== "." && part !== "..");

/** The least folder around all files, which becomes the root of the artifact. */
function commonFolder(files: readonly string[]): string {
  const [first = ""] = files;
  let folder = dirname(first);
  while (!files.every((file) => file.startsWith(`${folder === "/" ? "" : folder}/`))) folder = dirname(folder);
  return folder;
}

const standIns: Readonly<Record<string, StandIn>> = {
  "actions/checkout": checkout,
  "actions/upload-artifact": uploadArtifact,
};
