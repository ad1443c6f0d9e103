import { randomInt } from "node:crypto";
import type { Duplex } from "node:stream";
import { type Answer, type DecodedPacket, decode, RECURSION_DESIRED, streamEncode } from "dns-packet";
import type { DnsType } from "../actions/smoke/world.ts";
import { NetworkError } from "./network-error.ts";
import type { Patience } from "./patience.ts";

const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
const REFUSALS: Readonly<Record<number, string>> = { 1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED" };

/** What a DNS server says over one connection; nothing when there is no such name. */
export async function askDns(
  stream: Duplex,
  name: string,
  type: DnsType,
  patience: Patience,
): Promise<readonly string[]> {
  patience.waitingFor = "answer of the DNS server";
  const id = randomInt(65_536);
  try {
    stream.write(streamEncode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ type, name }] }));
    const packet = decodePacket(await readMessage(stream));
    if (packet.id !== id || !packet.flag_qr) throw notDns();
    const responseCode = (packet.flags ?? 0) & 0xf;
    if (responseCode === NO_SUCH_NAME) return [];
    if (responseCode !== NO_ERROR) {
      throw new NetworkError(
        "other",
        `the DNS server answered ${REFUSALS[responseCode] ?? `with error ${responseCode}`}`,
      );
    }
    return (packet.answers ?? []).flatMap((answer) => readRecord(answer, type));
  } finally {
    stream.destroy();
  }
}

/** Over TCP a message comes after its length: https://www.rfc-editor.org/rfc/rfc1035#section-4.2.2 */
async function readMessage(stream: Duplex): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      return received.subarray(2, 2 + received.readUInt16BE(0));
    }
  }
  throw new NetworkError("reset", "the connection ended before the DNS server had answered");
}

function decodePacket(message: Buffer): DecodedPacket {
  try {
    return decode(message);
  } catch (error) {
    throw new NetworkError("other", notDns().message, { cause: error });
  }
}

const notDns = (): NetworkError => new NetworkError("other", "what answers does not speak DNS");

/** An answer has the aliases on the way as well: only what was asked for counts. */
function readRecord(answer: Answer, type: DnsType): readonly string[] {
  if (answer.type !== type) return [];
  if (answer.type === "A" || answer.type === "AAAA" || answer.type === "CNAME") return [answer.data];
  if (answer.type === "SRV") {
    const { priority = 0, weight = 0, port, target } = answer.data;
    return [`${priority} ${weight} ${port} ${target}`];
  }
  if (answer.type === "TXT") return [[answer.data].flat().map(String).join("")];
  return [];
}
