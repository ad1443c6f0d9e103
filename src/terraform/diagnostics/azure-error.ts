/** What Azure answered, as the provider's many ways of quoting it hide it. */
export interface AzureError {
  /** Undefined for an operation that failed after it was accepted. */
  readonly status: number | undefined;
  /** `ScopeLocked`, `AADSTS700213`, …; empty where Azure gave none. */
  readonly code: string;
  readonly message: string;
  /** What stands below it in Azure's answer, most often the real reason. */
  readonly details: readonly string[];
}

/**
 * Finds what Azure said in a diagnostic of azurerm, which has it all in one text. Undefined when nothing of Azure's is
 * in it.
 */
export function readAzureError(text: string): AzureError | undefined {
  return readPolled(text) ?? readAnswer(text) ?? readEntra(text);
}

/** An operation that was accepted and failed later: the reason is often only in the JSON at the end. */
function readPolled(text: string): AzureError | undefined {
  const [, code = "", message = ""] =
    /the Azure API returned the following error:[\s\S]*?^Code: "([^"\n]*)"\nMessage: "([\s\S]*?)"\nActivity Id:/m.exec(
      text,
    ) ?? [];
  if (code === "" && message === "") return undefined;
  const [, json = ""] = /----\[start\]----\n([\s\S]*?)\n-----\[end\]-----/.exec(text) ?? [];
  const root = parse(json);
  return { status: undefined, code, message, details: listDetails(fields(root["error"] ?? root)) };
}

/** An answer that refused at once. */
function readAnswer(text: string): AzureError | undefined {
  const [, digits, kind, rest = ""] =
    /unexpected status (\d{3})(?: \([^)]*\))?(?: with (error|response)(?:\s*:)? ?([\s\S]*))?/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const status = Number(digits);
  if (kind === "response") {
    const root = parse(rest.trim());
    const error = fields(root["error"] ?? root);
    return { status, code: words(error["code"]), message: words(error["message"]), details: listDetails(error) };
  }
  const [, code = "", message = rest] = /^([A-Za-z][\w.]*): ([\s\S]*)$/.exec(rest) ?? [];
  return { status, code, message: message.trim(), details: [] };
}

function readEntra(text: string): AzureError | undefined {
  const [, code, message = ""] = /(AADSTS\d+): ?([^"\\\r\n]*)/.exec(text) ?? [];
  return code === undefined ? undefined : { status: undefined, code, message: message.trim(), details: [] };
}

type Fields = Readonly<Record<string, unknown>>;

function listDetails(error: Fields): readonly string[] {
  const { details } = error;
  if (!Array.isArray(details)) return [];
  return details.map(fields).flatMap((one) => {
    const said = [words(one["code"]), words(one["message"])].filter((part) => part !== "").join(": ");
    return [...(said === "" ? [] : [said]), ...listDetails(one)];
  });
}

function parse(json: string): Fields {
  try {
    return fields(JSON.parse(json));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}
