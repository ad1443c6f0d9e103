import type { BuildRequest } from "../../image/build-request.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Builder, BuilderKind } from "./builder.ts";

/** A builder on this machine, or why it is not there. */
export type FoundBuilder =
  | { readonly kind: "there"; readonly builder: Builder }
  | { readonly kind: "missing"; readonly because: string };

export type FindBuilder = (kind: BuilderKind) => Promise<FoundBuilder>;

/** Best first: what `auto` tries. */
const ORDER: readonly BuilderKind[] = ["buildx", "docker", "acr-tasks"];

/**
 * The builder that was asked for, or with `auto` the first that is there and can do what is asked. Those after it are
 * not even looked for.
 *
 * @throws UserError `builder-missing` when none is there, `builder-cannot` when those that are cannot do it; the message
 * says for each one why.
 */
export async function chooseBuilder(
  wanted: BuilderKind | "auto",
  request: BuildRequest,
  find: FindBuilder,
): Promise<Builder> {
  const reasons: string[] = [];
  let anyThere = false;
  for (const kind of wanted === "auto" ? ORDER : [wanted]) {
    const found = await find(kind);
    if (found.kind === "missing") {
      reasons.push(`${kind}: ${found.because}`);
      continue;
    }
    anyThere = true;
    const cannot = found.builder.listUnsupported(request);
    if (cannot.length === 0) return found.builder;
    reasons.push(...cannot.map((sentence) => `${kind}: ${sentence}`));
  }
  const what = wanted === "auto" ? "No builder" : `builder: ${wanted} cannot be used`;
  const text = `${what}${wanted === "auto" ? " can do this build" : ""}.\n${reasons.join("\n")}`;
  throw new UserError(anyThere ? "builder-cannot" : "builder-missing", text);
}
