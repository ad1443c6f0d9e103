/** Replaces secrets in text, as the runner's SecretMasker does. */
export interface SecretMasker {
  /** Adds one value with all its encodings; an empty value is ignored. */
  add(value: string): void;
  /** Adds a value and each of its non-empty lines, as `::add-mask::` and job secrets do. */
  addLines(value: string): void;
  mask(text: string): string;
}

type Encoder = (value: string) => string;

const base64From =
  (shift: number): Encoder =>
  (value) => {
    const bytes = Buffer.from(value, "utf8");
    return bytes.subarray(bytes.length > shift ? shift : 0).toString("base64");
  };

/** `Uri.EscapeDataString`, which also escapes the five characters that encodeURIComponent leaves. */
const uri: Encoder = (value) =>
  encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const xmlEntities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "&": "&amp;",
};

/** PowerShell colours the letter after `&+`, which splits a secret in a printed error into two parts. */
const beforeAmpersand: Encoder = (value) => {
  if (!value.includes("&")) return "";
  const at = value.includes("&+") ? value.indexOf("&+") + 2 : value.lastIndexOf("&") + 1;
  return at >= 6 ? value.slice(0, at) : "";
};
const afterAmpersand: Encoder = (value) => {
  if (!value.includes("&")) return "";
  const rest = value.includes("&+") ? value.slice(value.indexOf("&+") + 3) : value.slice(value.lastIndexOf("&") + 1);
  return rest.length >= 6 ? rest : "";
};

/** The eleven encoders that runner 2.336 registers (HostContext.cs). */
const encoders: readonly Encoder[] = [
  base64From(0),
  base64From(1),
  base64From(2),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  uri,
  (value) => value.replace(/[<>"'&]/g, (c) => xmlEntities[c] ?? c),
  (value) => (value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : ""),
  beforeAmpersand,
  afterAmpersand,
];

/** A masker without secrets. */
export function createSecretMasker(): SecretMasker {
  const needles = new Set<string>();
  const add = (value: string): void => {
    if (value === "") return;
    needles.add(value);
    for (const encode of encoders) {
      const encoded = encode(value);
      if (encoded !== "") needles.add(encoded);
    }
  };
  const addLines = (value: string): void => {
    add(value);
    for (const line of value.split(/[\r\n]/)) add(line.trim());
  };
  return { add, addLines, mask: (text) => maskRanges(text, needles) };
}

/** Overlapping and touching finds become one `***`, so the count of stars tells nothing. */
function maskRanges(text: string, needles: ReadonlySet<string>): string {
  const found: Array<{ start: number; end: number }> = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      found.push({ start: at, end: at + needle.length });
    }
  }
  if (found.length === 0) return text;
  found.sort((a, b) => a.start - b.start);
  let masked = "";
  let done = 0;
  let reach = -1;
  for (const { start, end } of found) {
    if (start > reach) {
      masked += `${text.slice(done, start)}***`;
      reach = end;
    }
    reach = Math.max(reach, end);
    done = reach;
  }
  return masked + text.slice(done);
}
