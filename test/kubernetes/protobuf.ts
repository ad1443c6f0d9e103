import type { Json } from "./field-paths.ts";

/** Go's typed clients write Protocol Buffers, and take JSON for an answer: the few kinds that helm and kubectl write so. */
type FieldType = "text" | "base64" | "number" | "texts" | "textMap" | "base64Map" | Message;
interface Message {
  readonly [field: number]: readonly [string, FieldType];
}

const METADATA: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
  11: ["labels", "textMap"],
  12: ["annotations", "textMap"],
  14: ["finalizers", "texts"],
};
const ATTRIBUTES: Message = {
  1: ["namespace", "text"],
  2: ["verb", "text"],
  3: ["group", "text"],
  4: ["version", "text"],
  5: ["resource", "text"],
  6: ["subresource", "text"],
  7: ["name", "text"],
};
const KINDS: Readonly<Record<string, Message>> = {
  Namespace: { 1: ["metadata", METADATA] },
  ConfigMap: { 1: ["metadata", METADATA], 2: ["data", "textMap"], 3: ["binaryData", "base64Map"] },
  Secret: { 1: ["metadata", METADATA], 2: ["data", "base64Map"], 3: ["type", "text"], 4: ["stringData", "textMap"] },
  SelfSubjectAccessReview: { 1: ["metadata", METADATA], 2: ["spec", { 1: ["resourceAttributes", ATTRIBUTES] }] },
  DeleteOptions: {
    1: ["gracePeriodSeconds", "number"],
    2: ["preconditions", { 1: ["uid", "text"], 2: ["resourceVersion", "text"] }],
    4: ["propagationPolicy", "text"],
    5: ["dryRun", "texts"],
  },
};
const UNKNOWN: Message = { 1: ["type", { 1: ["apiVersion", "text"], 2: ["kind", "text"] }], 2: ["raw", "base64"] };
const MAGIC = "k8s\0";

/** An object in `application/vnd.kubernetes.protobuf`; undefined for a kind that is not known here. */
export function readProtobuf(bytes: Buffer): Json | undefined {
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  const { type, raw = "" } = readMessage(bytes.subarray(MAGIC.length), UNKNOWN) as {
    readonly type: { readonly apiVersion: string; readonly kind: string };
    readonly raw?: string;
  };
  const message = KINDS[type.kind];
  return message && { ...type, ...readMessage(Buffer.from(raw, "base64"), message) };
}

function readMessage(bytes: Buffer, message: Message): Json {
  const found: Record<string, unknown> = {};
  for (const { field, value } of listFields(bytes)) {
    const [name, type] = message[field] ?? [];
    if (name === undefined || type === undefined) continue;
    if (typeof value === "number") found[name] = value;
    // Go writes empty texts, too.
    else if (type === "text" && value.length > 0) found[name] = value.toString();
    else if (type === "base64") found[name] = value.toString("base64");
    else if (type === "texts") found[name] = [...((found[name] ?? []) as readonly string[]), value.toString()];
    else if (type === "textMap" || type === "base64Map")
      found[name] = { ...(found[name] as Json), ...readEntry(value, type) };
    else if (typeof type === "object") found[name] = readMessage(value, type);
  }
  return found;
}

function readEntry(bytes: Buffer, type: "textMap" | "base64Map"): Json {
  const parts = new Map([...listFields(bytes)].map(({ field, value }) => [field, value as Buffer]));
  const key = parts.get(1)?.toString() ?? "";
  return { [key]: (parts.get(2) ?? Buffer.alloc(0)).toString(type === "textMap" ? "utf8" : "base64") };
}

/** Wire types 0 (varint) and 2 (with a length) are all that these kinds have. */
function* listFields(bytes: Buffer): Generator<{ readonly field: number; readonly value: Buffer | number }> {
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [tag >>> 3, tag & 7];
    const size = varint();
    if (wire === 0) yield { field, value: size };
    else {
      yield { field, value: bytes.subarray(at, at + size) };
      at += size;
    }
  }
}
