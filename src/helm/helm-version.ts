import { type Parsed, refuse } from "./problem.ts";

/** A version of helm, as far as it decides what helm can be told. */
export interface HelmVersion {
  readonly major: 3 | 4;
  readonly minor: number;
  /** As helm says it: `v4.1.4+g05fa379`. */
  readonly text: string;
}

/** `--take-ownership` came with 3.17, and so did all the texts of errors that are known here. */
const OLDEST_MINOR = 17;

/**
 * What `helm version` says, short, long or through a template. Undefined for anything else, and for a helm that is
 * neither 3 nor 4. A helm that was built without a version calls itself `v4.1`.
 */
export function parseHelmVersion(text: string): HelmVersion | undefined {
  const [, quoted] = /\bVersion:"([^"]+)"/.exec(text) ?? [];
  const said = (quoted ?? text).trim();
  const [, major, minor] = /^v?([34])\.(\d{1,4})(?:\.\d{1,4})?(?:[-+][\w.+-]*)?$/.exec(said) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { major: major === "3" ? 3 : 4, minor: Number(minor), text: said };
}

/**
 * The version, where it is one that was tried: 3.17 or later, or any 4.
 *
 * Problems have the code `helm-version-unsupported`.
 */
export function requireHelmVersion(text: string): Parsed<HelmVersion> {
  const version = parseHelmVersion(text);
  const wanted = `Install helm 4, or 3.${OLDEST_MINOR} or later (https://helm.sh/docs/intro/install).`;
  if (version === undefined) {
    const said = text.trim().slice(0, 80);
    return refuse("helm-version-unsupported", `helm says its version is ${JSON.stringify(said)}. ${wanted}`);
  }
  if (version.major === 3 && version.minor < OLDEST_MINOR) {
    return refuse("helm-version-unsupported", `helm is ${version.text}. ${wanted}`);
  }
  return { value: version };
}
