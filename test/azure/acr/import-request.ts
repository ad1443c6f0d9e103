import { ArmFailure } from "../arm/failure.ts";
import { asObject, asText, type Json } from "../wire.ts";
import { isDigest, isRepositoryName, isTag } from "./oci.ts";

/** What is to be copied from where to where. */
export interface ImportRequest {
  readonly source: {
    /** A registry of the same tenant, or any host. */
    readonly from: { readonly resourceId: string } | { readonly host: string };
    readonly credentials: { readonly username: string | undefined; readonly password: string } | undefined;
    readonly repository: string;
    /** A tag or a digest. */
    readonly reference: string;
  };
  readonly targets: readonly { readonly repository: string; readonly tag: string }[];
  /** Repositories that get the manifest without a tag. */
  readonly untagged: readonly string[];
  readonly force: boolean;
}

/** @throws ArmFailure 400 for what cannot be one */
export function readImportRequest(body: Json | undefined): ImportRequest {
  const source = asObject(body?.["source"]);
  const [resourceId, registryUri, image] = ["resourceId", "registryUri", "sourceImage"].map((key) =>
    asText(source?.[key]),
  );
  if (source === undefined || image === undefined || image === "") throw invalid("The source image must be given.");
  if (resourceId === undefined && registryUri === undefined) {
    throw invalid("The source must have a resourceId or a registryUri.");
  }
  const [, repository = "", separator, reference = "latest"] = /^([^:@]+)(?:(:|@)(.+))?$/.exec(image) ?? [];
  const fits = separator === "@" ? isDigest(reference) : isTag(reference);
  if (!isRepositoryName(repository) || !fits) throw invalid(`The source image '${image}' is not valid.`);
  const mode = asText(body?.["mode"]) ?? "NoForce";
  if (mode !== "NoForce" && mode !== "Force") throw invalid(`The mode '${mode}' is not one of NoForce, Force.`);
  const targets = texts(body?.["targetTags"]).map(readTarget);
  const untagged = texts(body?.["untaggedTargetRepositories"]);
  const wrong = untagged.find((name) => !isRepositoryName(name));
  if (wrong !== undefined) throw invalid(`The target repository '${wrong}' is not valid.`);
  if (targets.length + untagged.length === 0)
    throw invalid("A target tag or an untagged target repository must be given.");
  const host = (registryUri ?? "").replace(/^https?:\/\//, "").replace(/\/$/, "");
  return {
    source: {
      from: resourceId === undefined ? { host } : { resourceId },
      credentials: readCredentials(source["credentials"]),
      repository,
      reference,
    },
    targets,
    untagged,
    force: mode === "Force",
  };
}

function readTarget(text: string) {
  const [repository = "", tag = "latest", ...more] = text.split(":");
  if (!isRepositoryName(repository) || !isTag(tag) || more.length > 0)
    throw invalid(`The target tag '${text}' is not valid.`);
  return { repository, tag };
}

function readCredentials(value: unknown): ImportRequest["source"]["credentials"] {
  const credentials = asObject(value);
  if (credentials === undefined) return undefined;
  const password = asText(credentials["password"]);
  if (password === undefined || password === "") throw invalid("The credentials must have a password.");
  return { username: asText(credentials["username"]), password };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function invalid(message: string): ArmFailure {
  return new ArmFailure(400, "InvalidParameters", message);
}
