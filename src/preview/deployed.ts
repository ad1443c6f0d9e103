import type { StoryImage, StoryPlace, StoryRelease } from "./story.ts";

/** What deploy-environment said of a deployment. Empty texts are unknown. */
export interface Deployed {
  readonly url: string;
  readonly environment: string;
  readonly place: Omit<StoryPlace, "subscriptionId">;
  readonly release: StoryRelease | undefined;
  readonly images: readonly StoryImage[];
  readonly expiresAt: string;
  readonly cause: string;
  /** The most telling of its codes. */
  readonly code: string;
  readonly failedStep: string;
  readonly smokeReportPath: string;
  readonly urlReportPath: string;
  readonly evidencePath: string;
  readonly durationMs: number | undefined;
}

/** Reads the outputs of deploy-environment, which may lack any field: a step that failed gave none. */
export function readDeployed(outputs: Readonly<Record<string, unknown>>): Deployed {
  const text = (name: string): string => {
    const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    return typeof value === "string" ? value : "";
  };
  const release = {
    name: text("release"),
    revision: text("revision"),
    status: text("status"),
    appVersion: text("app-version"),
  };
  const toldCode = text("cause-code") || text("failure-reason") || text("error-code");
  const durationMs = Number(text("duration-ms") || Number.NaN);
  return {
    url: text("url"),
    environment: text("environment"),
    place: {
      resourceGroup: text("resource-group"),
      cluster: text("cluster"),
      clusterResourceGroup: text("cluster-resource-group"),
      registry: text("registry"),
      namespace: text("namespace"),
    },
    release: release.name === "" ? undefined : release,
    images: readImages(text("images"), text("image-digests")),
    expiresAt: text("expires-at"),
    cause: text("cause"),
    code: toldCode,
    failedStep: text("failed-step"),
    smokeReportPath: text("smoke-report-path"),
    urlReportPath: text("url-report-path"),
    evidencePath: text("evidence-path"),
    durationMs: Number.isFinite(durationMs) && durationMs >= 0 ? durationMs : undefined,
  };
}

/**
 * The images that were built, by name; without any, those that run, as the release tells them (`image-digests`: JSON
 * from an image to its digest).
 */
export function readImages(images: string, digests: string): readonly StoryImage[] {
  const built = Object.entries(parseObject(images)).map(([name, image]) => ({
    name,
    repository: textOf(image, "repository"),
    tag: textOf(image, "tag"),
    digest: textOf(image, "digest"),
  }));
  if (built.length > 0) return built;
  return Object.entries(parseObject(digests)).map(([image, digest]) => ({
    ...splitImage(image),
    digest: typeof digest === "string" ? digest : "",
  }));
}

/** `host:5000/team/app:tag@sha256:…`. */
function splitImage(image: string): Omit<StoryImage, "digest"> {
  const [named = ""] = image.split("@");
  const [, repository = named, tag = ""] = /^(.+):([^:/]+)$/.exec(named) ?? [];
  return { name: repository.split("/").at(-1) ?? repository, repository, tag };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return "";
  const found = (value as Readonly<Record<string, unknown>>)[name];
  return typeof found === "string" ? found : "";
}
