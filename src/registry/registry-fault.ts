/** What a registry's refusal is made of, for whoever explains it. */
export interface RegistryFaultFacts {
  /** `PUT /v2/team/app/manifests/1.2`. */
  readonly request: string;
  readonly host: string;
  /** Undefined when no answer came. A 401 has outlived one fresh token. */
  readonly status: number | undefined;
  /** The registry's own code (`DENIED`, `MANIFEST_INVALID`), or ours in lower case (`no-answer`, `wrong-digest` …). */
  readonly code: string;
  /** The registry's words. */
  readonly said: string;
  /** What the registry adds, as JSON or as it is. */
  readonly detail?: string | undefined;
  /** By which Azure's support finds the request. */
  readonly correlationId?: string | undefined;
  /** Milliseconds that the registry asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** True where the same request may go well later. */
  readonly passing: boolean;
  /** What was asked of the token service for this request: `repository:team/app:pull,push`. */
  readonly wanted?: readonly string[] | undefined;
  /** What the token granted in the end; undefined where it does not say. */
  readonly granted?: readonly string[] | undefined;
}

/** A registry did not do what it was asked. The message says all; `facts` is for those that decide by it. */
export class RegistryFault extends Error {
  override readonly name = "RegistryFault";
  readonly facts: RegistryFaultFacts;

  constructor(facts: RegistryFaultFacts, cause?: unknown) {
    super(render(facts), cause === undefined ? {} : { cause });
    this.facts = facts;
  }
}

function render({ host, request, status, code, said, correlationId }: RegistryFaultFacts): string {
  const id = correlationId === undefined || said.includes(correlationId) ? "" : ` (correlation id ${correlationId})`;
  if (status === undefined) return `${host} gave no good answer to ${request}: ${said}${id}`;
  return `${host} answered ${request} with ${status} ${code}: ${said}${id}`;
}

/** An answer as far as its refusal goes. */
interface Answer {
  readonly status: number;
  readonly bodyAsText?: string | null | undefined;
  readonly headers: { get(name: string): string | undefined };
}

/** The code and words of a refusal's body; a body that is no registry's (a proxy's page) is quoted by its beginning. */
export function readRefusal(
  answer: Answer,
): Pick<RegistryFaultFacts, "code" | "said" | "detail" | "correlationId"> & { readonly ownWords: boolean } {
  const text = answer.bodyAsText ?? "";
  const first = firstError(parse(text));
  const said = first?.message ?? quote(text);
  const correlationId =
    /\bCorrelation ?Id: ?([\w-]{8,})/i.exec(said)?.[1] ?? answer.headers.get("x-ms-correlation-request-id");
  const { detail } = first ?? {};
  return {
    code: first?.code ?? "no-registry-error",
    said,
    ownWords: first !== undefined,
    ...(detail === undefined || detail === null
      ? {}
      : { detail: typeof detail === "string" ? detail : JSON.stringify(detail) }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

/** The first of a registry's errors; Docker Hub's token service says `details`, OAuth says `error_description`. */
function firstError(body: unknown): Said | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { errors, details, error, error_description: description } = body as Readonly<Record<string, unknown>>;
  const one: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (typeof one === "object" && one !== null) {
    const { code, message, detail } = one as Readonly<Record<string, unknown>>;
    return { code: String(code ?? "UNKNOWN"), message: String(message ?? code ?? "no words"), detail };
  }
  const words = [description, details, error].find((text) => typeof text === "string");
  if (typeof words !== "string") return undefined;
  return { code: typeof error === "string" ? error : "UNKNOWN", message: words };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  const words = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? "an empty answer" : words.slice(0, 200);
}
