// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { resolve } from "node:path";
import { downloadArtifact, uploadArtifact } from "./artifact-stand-ins.ts";
import { copyCheckout } from "./checkout-folder.ts";
import { addIssue, write } from "./stage-record.ts";
import { type StandIn, standInManifest } from "./stand-in.ts";

/** The stand-in for a repository, for any ref of it. */
export const findStandIn = (repository: string): StandIn | undefined => standIns[repository];

/** Puts the run's repository where a checkout would put it. */
const checkout: StandIn = {
  manifest: standInManifest("Checkout", {
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
    const fault = copyCheckout(job, target, inputs["ref"] ?? "");
    if (fault !== undefined) {
      addIssue(frame.record, "error", fault);
      return "failure";
    }
    frame.outputs["ref"] = inputs["ref"] || github.ref;
    frame.outputs["commit"] = github.sha;
    return "success";
  },
};

/** Emulates nothing: what a build runs on another platform fails as it does on a machine without emulators. */
const setupQemu: StandIn = {
  manifest: standInManifest("Docker Setup QEMU", {
    image: "docker.io/tonistiigi/binfmt:latest",
    platforms: "all",
    reset: "false",
    "cache-image": "true",
  }),
  run: (frame) => {
    write(frame.record, "plain", "This machine emulates no other platform.");
    frame.outputs["platforms"] = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
    return "success";
  },
};

const standIns: Readonly<Record<string, StandIn>> = {
  "actions/checkout": checkout,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
  "docker/setup-qemu-action": setupQemu,
};
