import { defineAction } from "../../kit/define-action.ts";
import { duration, flag, lines, quantity, text } from "../../kit/input.ts";
import { azureInputs } from "../azure-inputs.ts";
import { registryForm, words } from "../input-words.ts";

export const spec = defineAction({
  name: "ACR purge",
  description:
    "Removes the tags of a pull request's environment from an Azure container registry, and the images that nothing else holds.",
  inputs: {
    ...azureInputs,
    registry: text({
      ...registryForm,
      description: words.registry,
      required: true,
    }),
    repositories: lines({
      description: "Repositories to look into, one on each line: `team/app`. Nothing else is touched.",
      required: true,
    }),
    environment: text({
      description: words.environment,
      required: true,
    }),
    "dry-run": flag({ description: words["dry-run"], default: "true" }),
    "delete-manifests": flag({
      description:
        "Deletes images that no other tag, index or referrer holds, too. `false` only removes tags; an image that is deployed by its digest stays.",
      default: "true",
    }),
    "max-deletions": quantity({
      description: words["max-deletions"],
      unit: "tags and manifests",
      min: 0,
      max: 10_000,
      default: "500",
    }),
    deadline: duration({
      description: words.deadline,
      default: "20m",
      min: "1m",
      max: "5d",
    }),
    concurrency: quantity({
      description: words.concurrency,
      unit: "requests",
      min: 1,
      max: 32,
      default: "8",
    }),
  },
  outputs: {
    untagged: "Tags that were removed.",
    "manifests-deleted": "Manifests (images, indexes and their parts) that were deleted.",
    kept: "Tags and manifests of the environment that stay, each with its reason in the report.",
    locked: "Tags and manifests that are locked.",
    missing: "Repositories that do not exist.",
    failed: "Tags and manifests that could not be removed, and repositories that could not be read.",
    skipped: "Tags and manifests whose turn did not come; the next run goes on.",
    fuse: "`holds` or `tripped`.",
    report: "Path of the JSON report.",
  },
});
