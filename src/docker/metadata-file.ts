import { readFile } from "node:fs/promises";
import type { BuildWarning } from "../image/build-request.ts";
import { isRecord } from "./user-config.ts";

/** What buildx wrote about a build. */
export interface BuildMetadata {
  /** Of the manifest or index that was exported. */
  readonly digest: string | undefined;
  readonly warnings: readonly BuildWarning[];
  /** All of it; undefined when there is no such file, or it is not JSON. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads buildx's metadata file.
 *
 * @param dockerfile the path that warnings are to point at: BuildKit itself knows only its last part.
 */
export async function readMetadataFile(path: string, dockerfile: string): Promise<BuildMetadata> {
  const metadata = await readFile(path, "utf8").then(parse, () => undefined);
  const digest = metadata?.["containerimage.digest"];
  return {
    digest: typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined,
    warnings: listWarnings(metadata?.["buildx.build.warnings"], dockerfile),
    metadata,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Each platform has its own; the same remark on the same line is told once. */
function listWarnings(found: unknown, dockerfile: string): readonly BuildWarning[] {
  const warnings = (Array.isArray(found) ? found : []).filter(isRecord).map((one) => readWarning(one, dockerfile));
  const said = new Map(warnings.filter(({ message }) => message !== "").map((one) => [JSON.stringify(one), one]));
  return [...said.values()];
}

/** The form of https://github.com/moby/buildkit/blob/master/client/graph.go (VertexWarning): bytes are Base64. */
function readWarning(warning: Readonly<Record<string, unknown>>, dockerfile: string): BuildWarning {
  const details = Array.isArray(warning["detail"]) ? warning["detail"].map(decode) : [];
  // The line stands in the place already.
  const short = decode(warning["short"]).replace(/ \(line \d+\)$/, "");
  const message = [short, ...details].filter((text) => text !== "").join("\n");
  const url = warning["url"];
  const [range] = Array.isArray(warning["range"]) ? warning["range"] : [];
  const start = isRecord(range) ? range["start"] : undefined;
  const line = isRecord(start) ? start["line"] : undefined;
  return {
    message,
    ...(isRecord(warning["sourceInfo"]) ? { file: dockerfile } : {}),
    ...(typeof line === "number" && line > 0 ? { line } : {}),
    ...(typeof url === "string" && url !== "" ? { url } : {}),
  };
}

function decode(base64: unknown): string {
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString("utf8") : "";
}
