// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { randomInt } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, matchesGlob, relative, resolve, sep } from "node:path";
import type { Status } from "./job.ts";
import { addIssue, write } from "./stage-record.ts";
import { type StandIn, type StandInFrame, standInManifest } from "./stand-in.ts";

/** Copies the files of an artifact to the job's `artifacts` folder, below the artifact's name. */
export const uploadArtifact: StandIn = {
  manifest: standInManifest("Upload a Build Artifact", {
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
    const odd = /["/:<>|*?\r\n\\]/.exec(name);
    if (odd !== null) {
      addIssue(
        frame.record,
        "error",
        `The artifact name is not valid: ${name}. Contains the following character: ${odd[0]}`,
      );
      return "failure";
    }
    const folder = join(storeOf(frame), name);
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

/** Copies artifacts of the job's `artifacts` folder to a path: one by its name, or those that a pattern matches. */
export const downloadArtifact: StandIn = {
  manifest: standInManifest("Download a Build Artifact", {
    name: "",
    "artifact-ids": "",
    path: "",
    pattern: "",
    "merge-multiple": "false",
    "github-token": "",
    repository: "${{ github.repository }}",
    "run-id": "${{ github.run_id }}",
    "skip-decompress": "false",
    "digest-mismatch": "error",
  }),
  run: (frame, inputs) => {
    const { name = "", pattern = "" } = inputs;
    const fail = (text: string): Status => {
      addIssue(frame.record, "error", `Unable to download artifact(s): ${text}`);
      return "failure";
    };
    if (inputs["artifact-ids"] || inputs["github-token"]) {
      return fail("this harness knows the artifacts of this run by their names only");
    }
    const store = storeOf(frame);
    const all = existsSync(store) ? readdirSync(store).sort() : [];
    const wanted = all.filter((each) => (name === "" ? pattern === "" || matchesGlob(each, pattern) : each === name));
    if (name !== "" && wanted.length === 0) return fail(`Artifact not found for name: ${name}`);
    // Without a match nothing is made, not even the folder, and the step succeeds all the same.
    if (wanted.length === 0) return "success";
    const target = resolve(frame.run.folders.workspace, inputs["path"] ?? "");
    for (const artifact of wanted) {
      const own = name !== "" || inputs["merge-multiple"] === "true" ? target : join(target, artifact);
      cpSync(join(store, artifact), own, { recursive: true });
    }
    frame.outputs["download-path"] = target;
    write(frame.record, "plain", `Total of ${wanted.length} artifact(s) downloaded`);
    write(frame.record, "plain", "Download artifact has finished successfully");
    return "success";
  },
};

const storeOf = (frame: StandInFrame): string => frame.run.job.artifacts ?? join(frame.run.folders.root, "artifacts");

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
