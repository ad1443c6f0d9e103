import { createSocket } from "node:dgram";
import { Duplex } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { type Answer, decode, encode, type Packet, streamDecode, streamEncode } from "dns-packet";
import { connect, faultOf, LIMITS } from "./far-side.ts";

const RECORDS: readonly Answer[] = [
  { type: "CNAME", name: "www.shop.example", data: "shop.example" },
  { type: "A", name: "shop.example", data: "10.0.0.4" },
  { type: "A", name: "shop.example", data: "10.0.0.5" },
  { type: "AAAA", name: "shop.example", data: "fd00::4" },
  { type: "TXT", name: "shop.example", data: ["v=spf1 ", "-all"] },
  { type: "SRV", name: "_http._tcp.shop.example", data: { priority: 1, weight: 2, port: 80, target: "shop.example" } },
];
const NO_SUCH_NAME = 3;
const SERVFAIL = 2;

/** As a server would: an alias on the way comes with the answer. */
function answerTo({ id, questions = [] }: Packet): Packet {
  const [{ name, type } = { name: "", type: "A" }] = questions;
  const base = { type: "response", id, questions, flags: 0 } as const;
  if (name === "broken.example") return { ...base, flags: SERVFAIL };
  const alias = RECORDS.filter((each) => each.type === "CNAME" && each.name === name);
  const at = type !== "CNAME" && alias.length > 0 ? "shop.example" : name;
  const known = RECORDS.some((each) => each.name === at);
  if (!known) return { ...base, flags: NO_SUCH_NAME };
  return {
    ...base,
    answers: [...(type === "CNAME" ? [] : alias), ...RECORDS.filter((each) => each.name === at && each.type === type)],
  };
}

/** A server behind a forwarded port. */
function dialTo(answer: (question: Packet) => readonly Buffer[]) {
  return async () => {
    const stream: Duplex = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _, done) => {
        for (const part of answer(streamDecode(chunk))) stream.push(part);
        done();
      },
    });
    return stream;
  };
}
const bytewise = (bytes: Buffer): readonly Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe.each(["cluster", "runner"])("names by the DNS server of the %s", (whose) => {
  const resolve = async (name: string, type: "A" | "AAAA" | "CNAME" | "TXT" | "SRV") => {
    if (whose === "cluster") {
      const dial = dialTo((question) => bytewise(streamEncode(answerTo(question))));
      return connect().resolve(name, type, { ...LIMITS, dial });
    }
    const server = createSocket("udp4", (message, { port, address }) => {
      server.send(encode(answerTo(decode(message))), port, address);
    });
    await new Promise<void>((done) => server.bind(0, "127.0.0.1", done));
    try {
      return await connect({ dnsServers: [`127.0.0.1:${server.address().port}`] }).resolve(name, type, LIMITS);
    } finally {
      server.close();
    }
  };

  test.each([
    ["shop.example", "A", ["10.0.0.4", "10.0.0.5"]],
    ["www.shop.example", "A", ["10.0.0.4", "10.0.0.5"]],
    ["shop.example", "AAAA", ["fd00::4"]],
    ["www.shop.example", "CNAME", ["shop.example"]],
    ["shop.example", "TXT", ["v=spf1 -all"]],
    ["_http._tcp.shop.example", "SRV", ["1 2 80 shop.example"]],
    ["nobody.example", "A", []],
    ["shop.example", "SRV", []],
  ] as const)("%s %s", async (name, type, expected) => {
    expect(await resolve(name, type)).toEqual(expected);
  });

  test("a server that fails is no name that is not there", async () => {
    const fault = await faultOf(resolve("broken.example", "A"));
    expect(fault).toMatchObject({ kind: "other", message: expect.stringContaining("SERVFAIL") });
  });
});

describe("a DNS server behind a dial", () => {
  const resolve = (answer: (question: Packet) => readonly Buffer[], timeoutMs = 5_000) =>
    connect().resolve("shop.example", "A", { ...LIMITS, timeoutMs, dial: dialTo(answer) });

  test.each([
    [
      "an answer to another question",
      (question: Packet) => [streamEncode({ ...answerTo(question), id: ((question.id ?? 0) + 1) & 0xffff })],
    ],
    ["a question", (question: Packet) => [streamEncode({ ...answerTo(question), type: "query" })]],
    ["no DNS", () => [Buffer.concat([Buffer.from([0, 4]), Buffer.from("HTTP")])]],
    ["a name that points to itself", () => [Buffer.from("0012000081800001000000000000c00c00010001", "hex")]],
  ])("that sends %s is told", async (_, answer) => {
    expect((await faultOf(resolve(answer))).message).toMatch(/does not speak DNS/);
  });

  test("that ends before it has answered is told", async () => {
    const dial = async () => Object.assign(new Duplex({ read: () => {}, write: (_, __, done) => done() }));
    const ended = async () => {
      const stream = await dial();
      setTimeout(() => stream.push(null), 10);
      return stream;
    };
    const fault = await faultOf(connect().resolve("shop.example", "A", { ...LIMITS, dial: ended }));
    expect(fault.kind).toBe("reset");
  });

  test("that says nothing is waited for until the time is up", async () => {
    expect(await faultOf(resolve(() => [], 100))).toEqual({
      kind: "timeout",
      message: "no answer of the DNS server within 0.1 s",
    });
  });

  test("that drips is waited for until the time is up, too", async () => {
    const fault = await faultOf(resolve(() => [Buffer.from([0xff, 0xff, 1, 2, 3])], 100));
    expect(fault.kind).toBe("timeout");
  });
});

describe("this machine's DNS server", () => {
  test("that does not answer is waited for until the time is up", async () => {
    const server = createSocket("udp4");
    await new Promise<void>((done) => server.bind(0, "127.0.0.1", done));
    const network = connect({ dnsServers: [`127.0.0.1:${server.address().port}`] });
    expect((await faultOf(network.resolve("shop.example", "A", { ...LIMITS, timeoutMs: 200 }))).kind).toBe("timeout");
    server.close();
  });
});
