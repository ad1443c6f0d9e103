import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseAnswers, parseHttp } from "../../src/kubernetes/command-answers.ts";

const pack = (text: string): string => gzipSync(text).toString("base64");
const section = ({ out, err, exitCode }: { out: string; err: string; exitCode: number }, at: number): string =>
  `::out ${at}\n${pack(out)}\n::err ${at}\n${pack(err)}\n::rc=${exitCode} ${at}\n`;
const sections = fc.array(fc.record({ out: fc.string(), err: fc.string(), exitCode: fc.nat(255) }), {
  minLength: 1,
  maxLength: 5,
});

describe("what a batch has printed", () => {
  test("is taken whole or not at all, wherever it was cut", () => {
    fc.assert(
      fc.property(sections, fc.nat(), (given, at) => {
        const whole = given.map(section).join("");
        const cut = at % (whole.length + 1);
        const { answers, left, fault } = parseAnswers(whole.slice(0, cut));
        for (const [name, { out, err, exitCode }] of answers) {
          const meant = given[Number(name)];
          // The last digits of an exit code may be what was cut: the name behind it is not there then.
          expect({ out: out.toString(), err, exitCode }).toEqual(meant);
        }
        expect({ left: left.size, fault }).toEqual({ left: 0, fault: undefined });
        if (cut === whole.length) expect(answers.size).toBe(given.length);
      }),
    );
  });

  test("is not taken for what an answer holds that looks like a marker", () => {
    const out = "::rc=0 1\n::out 1\n::left 0 5\n::end";
    const { answers, left } = parseAnswers(section({ out, err: out, exitCode: 7 }, 0));
    expect([...answers.keys(), ...left.keys()]).toEqual(["0"]);
    expect(answers.get("0")).toMatchObject({ exitCode: 7, err: out });
  });

  test("says what did not fit, and why nothing was asked", () => {
    expect(parseAnswers("::left 0002 600000\n::end\n").left).toEqual(new Map([["0002", 600_000]]));
    expect(parseAnswers("::missing xargs\n").fault).toContain("has no xargs");
    expect(parseAnswers(`::broken ${pack("no way there")}\n`).fault).toContain(
      "did not start in Azure's pod: no way there",
    );
  });
});

describe("an answer of HTTP/1.0", () => {
  test("has a status, heads in lower case and a body", () => {
    const bytes = Buffer.from(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 \r\nX-A: 1\r\nx-a:  2\r\nB:\r\nConstructor: c\r\n\r\n\r\n\r\nbody",
    );
    expect(parseHttp(bytes)).toMatchObject({ status: 204, headers: { "x-a": "1, 2", b: "", constructor: "c" } });
    expect(parseHttp(bytes)?.body.toString()).toBe("\r\n\r\nbody");
  });

  test.each(["", "HTTP/1.0 200 OK\r\nA: b\r\n", "200 OK\r\n\r\n"])("is none without a whole head: %j", (text) => {
    expect(parseHttp(Buffer.from(text))).toBeUndefined();
  });
});
