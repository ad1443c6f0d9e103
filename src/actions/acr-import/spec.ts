import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, quantity, secret, text } from "../../kit/input.ts";
import { azureInputs } from "../azure-inputs.ts";
import { registryForm, words } from "../input-words.ts";

const RESOURCE_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i;

export const spec = defineAction({
  name: "ACR import",
  description:
    "Copies images into Azure container registries on the server side, by digest, and proves that each one arrived.",
  inputs: {
    ...azureInputs,
    registry: text({
      ...registryForm,
      description: words.registry,
    }),
    targets: lines({
      description:
        "Registries that get the same images, besides `registry` or instead of it, one on each line: names, login servers, or resource ids, which may lie in other subscriptions.",
    }),
    images: lines({
      description:
        "Images to copy, one on each line: `source`, or `source => repository[:tag]`. A source is a whole reference: `mcr.microsoft.com/dotnet/runtime:8.0`, `other.azurecr.io/team/app@sha256:…`.",
      required: true,
    }),
    "source-registries": lines({
      description:
        "Resource ids of source registries that the identity may read and that lie in other subscriptions of its tenant, one on each line.",
      pattern: RESOURCE_ID,
      expected: "a registry's resource id (/subscriptions/…/providers/Microsoft.ContainerRegistry/registries/…)",
    }),
    "source-username": text({ description: "The user at the source, when it wants one. Goes with `source-token`." }),
    "source-token": secret({
      description:
        "Password or token for the source. Without `source-username`: an access token for a registry of another tenant.",
    }),
    mode: choice(
      "write-once",
      "skip",
      "force",
    )({
      description:
        "When the tag stands on another digest: `write-once` fails, `skip` leaves it and goes on, `force` moves it unless it is locked.",
      default: "write-once",
    }),
    referrers: choice(
      "report",
      "copy",
      "ignore",
    )({
      description:
        "Signatures and attestations beside an image, which an import leaves behind: say so, copy them too, or do not look.",
      default: "report",
    }),
    deadline: duration({
      description: words.deadline,
      default: "30m",
      min: "1m",
      max: "5d",
    }),
    concurrency: quantity({
      description: words.concurrency,
      unit: "imports",
      min: 1,
      max: 32,
      default: "6",
    }),
    "dry-run": flag({ description: words["dry-run"], default: "false" }),
  },
  outputs: {
    imported: "Images that were copied and are proven to be there, counted once for each registry.",
    skipped: "Images that needed no copy: the digest was there already, or `mode: skip` left another one.",
    failed: "Images that could not be copied.",
    unfinished: "Images that Azure was still copying at the end, or whose turn did not come.",
    images:
      "JSON for a deploy: the name of each image with its repository in the first registry, its tag and its digest.",
    report: "Path of the JSON report.",
  },
});
