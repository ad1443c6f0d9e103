import { type ManifestObject, readManifest } from "../../src/helm/read-manifest.ts";
import { readValue } from "./parsed.ts";

/** What a text of YAML holds, in namespace `pr-12`. */
export function objectsOf(yaml: string): readonly ManifestObject[] {
  return readValue(readManifest(yaml, "pr-12"));
}

/** A Deployment of one container. */
export function deployment(options: {
  readonly name?: string;
  readonly image?: string;
  readonly spec?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly labels?: string;
}): string {
  const {
    name = "api",
    image = "mayfly.azurecr.io/app:1",
    spec = "",
    pod = "",
    container = "",
    labels = "{app: api}",
  } = options;
  return `---
# Source: shop/templates/${name}.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: api}}
${spec === "" ? "" : `  ${spec}\n`}  template:
    metadata: {labels: ${labels}}
    spec:
${pod === "" ? "" : `      ${pod}\n`}      containers:
        - name: main
          image: ${image}
${container === "" ? "" : `          ${container}\n`}`;
}
