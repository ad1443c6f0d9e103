import { parseReference } from "../../image/parse-reference.ts";
import { classifyPushFault } from "../../image/push-fault.ts";
import { UserError } from "../../kit/user-error.ts";
import { type Asked, explainDenied, explainKnown, explainRegistryFault } from "../explain-registry-fault.ts";
import { BuildFault } from "./builder.ts";
import { NoPush } from "./publish.ts";

/**
 * What a refusal means and which line mends it, as a `UserError`. Errors that are no refusal come back as they are.
 *
 * @param asked the push that was refused.
 * @param base the same for a pull of an image that a build begins with; undefined where we have no identity.
 */
export async function explain(
  error: unknown,
  asked: Asked,
  base: (host: string, name: string) => Asked | undefined,
): Promise<unknown> {
  if (error instanceof NoPush) return explainDenied(error.message, asked, error);
  if (!(error instanceof BuildFault)) return explainRegistryFault(error, asked);
  if (error.kind === "cancelled") return new UserError("cancelled", "The job was cancelled. No tag was moved.");
  if (error.base !== undefined) return explainBase(error, error.base, base);
  if (error.place !== undefined || error.kind === "failed") {
    return new UserError("build-failed", error.message, { ...error.place, cause: error.cause });
  }
  const fault = classifyPushFault(error.message, { freshLogin: true });
  const denied = fault.kind === "denied" || fault.kind === "firewall";
  return denied ? explainDenied(error.message, asked, error) : explainKnown(fault, error);
}

/** An image that the build begins with or copies from, and which cannot be had. */
async function explainBase(
  error: BuildFault,
  image: string,
  base: (host: string, name: string) => Asked | undefined,
): Promise<UserError> {
  const parsed = parseReference(image);
  const of = "value" in parsed ? parsed.value.repository : undefined;
  const asked = of === undefined ? undefined : base(of.host, of.name);
  const denied = error.kind === "denied";
  if ((denied || error.kind === "firewall") && asked !== undefined) {
    const { code, message } = await explainDenied(error.message, asked, error);
    return new UserError(code, message, error.place);
  }
  const fault = classifyPushFault(error.message);
  const [because, mend] = /\bnot found\b|manifest unknown|MANIFEST_UNKNOWN/.test(error.message)
    ? ["it is not there", "check its name and tag in the Dockerfile"]
    : denied
      ? ["this job may not read it", `log in to ${of?.host ?? "its registry"} in an earlier step`]
      : [fault.because, fault.mend];
  const text = `The base image ${image} cannot be had: ${because}.\n${error.message}\nTo do: ${mend}, or bring the image into your registry with acr-import.`;
  return new UserError("base-image", text, { ...error.place, cause: error.cause });
}
