import { ArmFailure } from "../arm/failure.ts";
import { asObject, asText, type Json } from "../wire.ts";

/** What any request for a run may say. */
interface RunRequestBase {
  /** By the clock, from the moment that the run begins. */
  readonly timeoutSeconds: number;
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly agentConfiguration: Json;
  /** What `listBuildSourceUploadUrl` called `relativePath`; undefined for a task without a context. */
  readonly sourceLocation: string | undefined;
  readonly isArchiveEnabled: boolean;
  readonly sourceRegistry: Json;
  readonly customRegistries: Readonly<Record<string, Json>>;
}

export interface DockerBuildRequest extends RunRequestBase {
  readonly type: "DockerBuildRequest";
  readonly imageNames: readonly string[];
  readonly isPushEnabled: boolean;
  readonly noCache: boolean;
  readonly dockerFilePath: string;
  readonly target: string | undefined;
  readonly arguments: readonly NamedValue[];
  /** What `--platform` says; undefined for what the agent is itself. */
  readonly buildPlatform: string | undefined;
}

export interface EncodedTaskRunRequest extends RunRequestBase {
  readonly type: "EncodedTaskRunRequest";
  /** The YAML. */
  readonly task: string;
  /** YAML of `.Values`, empty where there is none. */
  readonly valuesFile: string;
  readonly values: readonly NamedValue[];
}

/** A task that lies in the source. */
export interface FileTaskRunRequest extends RunRequestBase {
  readonly type: "FileTaskRunRequest";
  readonly taskFilePath: string;
  readonly valuesFilePath: string | undefined;
  readonly values: readonly NamedValue[];
}

export type RunRequest = DockerBuildRequest | EncodedTaskRunRequest | FileTaskRunRequest;

export interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/**
 * Reads the body of `scheduleRun`.
 * @throws ArmFailure 400 for what is missing, and for a git context or Windows, which the emulator does not do
 */
export function readRunRequest(body: Json | undefined): RunRequest {
  const given = body ?? {};
  const platform = asObject(given["platform"]) ?? {};
  const [os = "", architecture = "amd64", variant] = ["os", "architecture", "variant"].map((name) =>
    asText(platform[name]),
  );
  if (os === "") throw invalid("The platform's os is required.");
  if (os.toLowerCase() !== "linux") throw invalid(`The emulator has no agent for ${os}.`);
  const sourceLocation = asText(given["sourceLocation"]);
  if (sourceLocation !== undefined && /^(https?:|git@|oci:)/.test(sourceLocation)) {
    throw invalid("The emulator takes only sources that were uploaded.");
  }
  const credentials = asObject(given["credentials"]) ?? {};
  const base = {
    timeoutSeconds: Number(given["timeout"] ?? 3600),
    platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
    agentConfiguration: asObject(given["agentConfiguration"]) ?? { cpu: 2 },
    sourceLocation,
    isArchiveEnabled: given["isArchiveEnabled"] === true,
    sourceRegistry: asObject(credentials["sourceRegistry"]) ?? {},
    customRegistries: (asObject(credentials["customRegistries"]) ?? {}) as Readonly<Record<string, Json>>,
  };
  switch (given["type"]) {
    case "DockerBuildRequest": {
      const dockerFilePath = asText(given["dockerFilePath"]);
      if (dockerFilePath === undefined) throw invalid("The dockerFilePath is required.");
      const parts = [os.toLowerCase(), architecture.toLowerCase(), ...(variant === undefined ? [] : [variant])];
      const buildPlatform = parts.join("/");
      return {
        type: "DockerBuildRequest",
        ...base,
        imageNames: texts(given["imageNames"]),
        isPushEnabled: given["isPushEnabled"] === true,
        noCache: given["noCache"] === true,
        dockerFilePath,
        target: asText(given["target"]),
        arguments: namedValues(given["arguments"]),
        buildPlatform: buildPlatform === "linux/amd64" ? undefined : buildPlatform,
      };
    }
    case "EncodedTaskRunRequest": {
      const content = asText(given["encodedTaskContent"]) ?? "";
      if (content === "") throw invalid("The encodedTaskContent is required.");
      return {
        type: "EncodedTaskRunRequest",
        ...base,
        task: decoded(content),
        valuesFile: decoded(asText(given["encodedValuesContent"]) ?? ""),
        values: namedValues(given["values"]),
      };
    }
    case "FileTaskRunRequest": {
      const taskFilePath = asText(given["taskFilePath"]);
      if (taskFilePath === undefined) throw invalid("The taskFilePath is required.");
      const valuesFilePath = asText(given["valuesFilePath"]);
      return {
        type: "FileTaskRunRequest",
        ...base,
        taskFilePath,
        valuesFilePath,
        values: namedValues(given["values"]),
      };
    }
    default:
      throw invalid(`The emulator does not know runs of type '${asText(given["type"]) ?? ""}'.`);
  }
}

function namedValues(list: unknown): readonly NamedValue[] {
  const items = Array.isArray(list) ? (list as readonly unknown[]) : [];
  return items.map((item) => {
    const { name, value, isSecret } = asObject(item) ?? {};
    return { name: asText(name) ?? "", value: asText(value) ?? "", isSecret: isSecret === true };
  });
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function invalid(message: string): ArmFailure {
  return new ArmFailure(400, "InvalidRequest", message);
}
