import { terraformQuote } from "../paste/quote.ts";
import { isSecretSetting } from "./backend-secrets.ts";
import { type Parsed, refuse } from "./problem.ts";

/** What the input `backend-config` says: settings, and a file with more of them. */
export interface BackendConfig {
  readonly values: Readonly<Record<string, string>>;
  /** A path, as it was given. */
  readonly file: string | undefined;
}

const EXPECTED = 'expected key=value on each line, or the path of a file (such as "env/preview.tfbackend")';

/**
 * Lines of `key=value`, and at most one path of a file with settings in HCL or JSON. Quotes around a value are those of
 * HCL, and go. Values stand in no message: some are secrets.
 *
 * Problems have the code `backend-config-invalid`, one for each bad line.
 */
export function parseBackendConfig(lines: readonly string[]): Parsed<BackendConfig> {
  const values = new Map<string, string>();
  const files: string[] = [];
  const faults: string[] = [];
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf("=");
    const name = line.slice(0, Math.max(0, at)).trim();
    if (at < 0) files.push(line.trim());
    else if (!/^[A-Za-z_][\w-]*$/.test(name)) faults.push(`line ${index + 1} has "${name}" for a key: ${EXPECTED}`);
    else if (values.has(name)) faults.push(`"${name}" stands twice: leave one of them`);
    else values.set(name, unquote(line.slice(at + 1).trim()));
  }
  if (files.length > 1) faults.push(`there are ${files.length} lines without "=" (${files.join(", ")}): ${EXPECTED}`);
  const [first, ...others] = faults.map(
    (fault) => refuse("backend-config-invalid", `In "backend-config", ${fault}.`).problems[0],
  );
  return first === undefined
    ? { value: { values: Object.fromEntries(values), file: files[0] } }
    : { problems: [first, ...others] };
}

function unquote(value: string): string {
  const inner = /^"([^"\\]*)"$/.exec(value)?.[1];
  return inner ?? value;
}

/**
 * A file for `-backend-config`, which then shows in no process list and, unlike the settings of a command line, is gone
 * with the file. Every value is a literal text; terraform makes numbers and truths of them where it needs some.
 */
export function renderBackendFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${terraformQuote(value)}\n`)
    .join("");
}

/** The values among the settings that must be masked before anything prints them. */
export function listBackendSecrets(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => (isSecretSetting(name) && value !== "" ? [value] : []));
}
