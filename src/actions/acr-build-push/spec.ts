import { DEFAULT_TAGS } from "../../image/tag-template.ts";
import { VARIABLES } from "../../image/tag-variables.ts";
import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, pairs, quantity, script, secret, text } from "../../kit/input.ts";
import { optionalAzureInputs } from "../azure-inputs.ts";
import { registryForm, words } from "../input-words.ts";

export const spec = defineAction({
  name: "ACR build and push",
  description:
    "Builds an image and pushes it to Azure Container Registry with the job's GitHub ID token: no secret, all tags last.",
  inputs: {
    ...optionalAzureInputs,
    registry: text({ ...registryForm, description: words.registry }),
    images: lines({
      description:
        "Repositories that get the image, one on each line: `team/app` in the registry, or `ghcr.io/org/app`. The first one is looked at.",
      required: true,
    }),
    tags: lines({
      description: `Tags, one on each line. In braces: ${VARIABLES.map((name) => `\`${name}\``).join(", ")}; a line whose value this event does not have is left out.`,
      default: DEFAULT_TAGS.join("\n"),
    }),
    latest: choice(
      "auto",
      "always",
      "never",
    )({
      description: "The tag `latest`. `auto`: only for the highest release version. Never on anything `dev-*`.",
      default: "auto",
    }),
    name: text({
      description: "The image's name in `images` of a deploy; the last part of the first repository when left out.",
      pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
      expected: "letters, digits, - and _",
    }),
    context: text({ description: "The folder that is sent to the builder.", default: "." }),
    file: text({ description: "The Dockerfile; `Dockerfile` in the context when left out." }),
    target: text({ description: "The stage to build; the last one when left out." }),
    from: text({
      description:
        "Pushes an image that exists instead of building: an OCI layout (folder or tar), an archive of `docker save`, or a reference with a digest. Of several images in a file, `image.tar#name` is one.",
    }),
    "build-args": pairs({ description: "Build arguments, `NAME=value` on each line. Not for secrets." }),
    "build-contexts": pairs({ description: "Named contexts, `name=folder or image` on each line." }),
    secrets: lines({
      description: "Secrets of the build: `id=npm,env=NPM_TOKEN` or `id=npm,src=.npmrc` on each line; never a value.",
    }),
    ssh: lines({ description: "SSH agents or keys of the build: `default` or `id=path` on each line." }),
    platforms: lines({
      description:
        "Platforms such as `linux/amd64`, on lines of their own or with commas; the builder's own when left out.",
    }),
    labels: pairs({ description: "Labels besides the computed OCI set, which they override." }),
    annotations: pairs({ description: "Annotations besides the computed OCI set, for the manifest and the index." }),
    "cache-from": lines({ description: "Caches to read, as buildx takes them, one on each line." }),
    "cache-to": lines({ description: "Caches to write, as buildx takes them, one on each line." }),
    provenance: text({
      description:
        "Provenance attestation: `true`, `false`, `mode=min` or `mode=max`; the builder's own default when left out.",
      pattern: /^(?:true|false|(?:mode=(?:min|max))(?:,[a-z-]+=[\w./:-]+)*)$/,
      expected: "true, false, mode=min or mode=max",
    }),
    sbom: flag({ description: "Adds a bill of materials as an attestation.", default: "false" }),
    pull: flag({ description: "Asks for newer base images.", default: "false" }),
    "no-cache": flag({ description: "Builds every step anew.", default: "false" }),
    outputs: lines({ description: "Exports besides the push, as buildx takes them: `type=local,dest=out`." }),
    push: flag({
      description: "`false` builds without a login and without a push, as for a pull request of a fork.",
      default: "true",
    }),
    builder: choice(
      "auto",
      "buildx",
      "docker",
      "acr-tasks",
    )({
      description: "Who builds. `auto`: buildx when it is there, then plain docker, then ACR Tasks.",
      default: "auto",
    }),
    "buildx-builder": text({ description: "The buildx builder to use; the current one when left out." }),
    "agent-pool": text({ description: "The agent pool of ACR Tasks." }),
    "tasks-timeout": duration({
      description: "How long a run on ACR Tasks may take.",
      default: "1h",
      min: "5m",
      max: "8h",
    }),
    retries: quantity({
      description: "How often a build or push that failed in passing is tried again.",
      unit: "tries",
      min: 0,
      max: 10,
      default: "3",
    }),
    "skip-if-unchanged": flag({
      description:
        "Builds nothing when the same content was built before: the tags move to that image. Needs base images that can be asked for.",
      default: "false",
    }),
    "write-once-tags": lines({
      description: "Tags that are never moved to another digest, one pattern on each line; `*` and `?` are wildcards.",
    }),
    "scan-command": script({
      description:
        "A command (bash) that must succeed before the tags move. It finds the image in `IMAGE`, `DIGEST`, `REGISTRY` of its environment.",
    }),
    "ghcr-token": secret({ description: "The job's `github.token`, to push to ghcr.io as well." }),
    "dry-run": flag({ description: words["dry-run"], default: "false" }),
  },
  outputs: {
    digest: "Digest of the image (of its index when there is one).",
    digests: "JSON: the digest of each platform.",
    image: "The first repository with the digest: what a deployment should name.",
    refs: "Every repository with the digest, one on each line.",
    tags: "Every tag that stands on the digest now, with its repository, one on each line.",
    outcome: "`built`, `reused`, `copied`, or `checked` in a dry run.",
    builder: "`buildx`, `docker` or `acr-tasks`; empty when nothing was built.",
    "login-server": "The registry's login server.",
    metadata: "Path of the builder's metadata (JSON).",
    "image-file": "Path of `image-<name>.json`, which says repository, tag and digest to a deploy.",
    "run-id": "The run on ACR Tasks.",
  },
  post: true,
});
