import { harmless } from "../kit/harmless.ts";
import { parseJsonObject } from "../kit/json-object.ts";
import { KubeRefusal } from "./kube-refusal.ts";

const LONGEST_WORDS = 2_000;

/**
 * What a program ended with, from the `Status` that the error channel of an exec ends with:
 *
 *     {"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}
 *
 * A signal is told as the shell does it: 137 for SIGKILL.
 *
 * @throws KubeRefusal where the program could not be started, in the words of the container runtime
 */
export function readExitCode(text: string): number {
  const { status, reason, message, code: httpCode, details } = parseJsonObject(text);
  if (status === "Success") return 0;
  if (status !== "Failure") {
    throw new KubeRefusal(502, "", `what came at the program's end is no Status: ${harmless(text).slice(0, 100)}`);
  }
  const exitCode = reason === "NonZeroExitCode" ? Number(findExitCode(details)) : Number.NaN;
  if (Number.isSafeInteger(exitCode)) return exitCode;
  const words = harmless(String(message ?? "")).trim();
  throw new KubeRefusal(
    typeof httpCode === "number" ? httpCode : 500,
    String(reason ?? ""),
    words.slice(0, LONGEST_WORDS) || "the program could not be started",
  );
}

function findExitCode(details: unknown): unknown {
  const { causes } = (details ?? {}) as { readonly causes?: unknown };
  if (!Array.isArray(causes)) return undefined;
  return causes.find((cause) => (cause as { readonly reason?: unknown } | null)?.reason === "ExitCode")?.message;
}
