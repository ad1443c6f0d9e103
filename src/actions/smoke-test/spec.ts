import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, pairs, text } from "../../kit/input.ts";
import { textBlock } from "../../kit/text-block.ts";
import { optionalAzureInputs } from "../azure-inputs.ts";
import { clusterInputs, releaseForm } from "../cluster-inputs.ts";
import { words } from "../input-words.ts";

export const spec = defineAction({
  name: "Smoke test",
  description:
    "Checks what was deployed against a spec: objects, HTTP, TCP, DNS, logs, metrics, queues, scaling and cold starts. Each check may come true for a while; one that fails is told with what was seen, at its line.",
  inputs: {
    ...optionalAzureInputs,
    spec: lines({
      description:
        "The specs: files and globs from the workspace, one on each line, such as `smoke/*.yaml`. They are taken side by side.",
      required: true,
    }),
    ...clusterInputs,
    release: text(releaseForm),
    variables: pairs({
      description: "Values that the specs use as `${name}`, `name=value` on each line; no secrets.",
    }),
    "terraform-outputs": textBlock({
      description: "The output `outputs` of the action terraform: the specs use its values as `${terraform.name}`.",
    }),
    only: lines({ description: "Tags, one on each line: only steps that have one of them are taken." }),
    skip: lines({ description: "Tags, one on each line: steps that have one of them are left out." }),
    timeout: duration({ description: words.timeout, default: "10m", min: "1s", max: "2h" }),
    "check-timeout": duration({
      description: "How long a check may take to come true where the spec does not say.",
      default: "1m",
      min: "1s",
      max: "1h",
    }),
    "report-dir": text({
      description: "The folder that the reports are written to; one that goes with the job when left out.",
    }),
    "fail-fast": flag({ description: "Takes no more checks, of any spec, once one has failed.", default: "false" }),
    "on-failure": choice(
      "report",
      "rollback",
    )({
      description:
        "`report`: the step fails, and says why. `rollback`: besides, `release` goes back to the last revision that was deployed, and the smoke test is taken again there.",
      default: "report",
    }),
  },
  outputs: {
    passed: "How many checks passed.",
    failed: "How many checks failed; optional ones do not count.",
    skipped: "How many checks were not taken.",
    slowest: "The check that took longest, and how long.",
    "cold-start-ms": "Milliseconds of the longest cold start; empty where none was measured.",
    "rolled-back-to": "The revision that the release went back to; empty when it did not.",
    "passed-after-rollback": "Whether the smoke test passed there; empty when nothing went back.",
    "junit-path": "Path of the report in JUnit's format.",
    "report-path": "Path of the report as JSON.",
    "duration-ms": "Milliseconds of the whole step.",
  },
  post: true,
});
