import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseReference } from "../../src/image/parse-reference.ts";
import { parseRepository } from "../../src/image/parse-repository.ts";
import { parseTag } from "../../src/image/parse-tag.ts";
import { anyCharacter } from "../any-character.ts";
import { messageOf, readValue } from "./parsed.ts";

const HOST = "mayfly.azurecr.io";
/** The grammar of names as distribution/reference writes it down. */
const GRAMMAR = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const DIGEST = `sha256:${"0a".repeat(32)}`;

describe("where to push", () => {
  test.each([
    ["team/app", { host: HOST, name: "team/app" }],
    ["app", { host: HOST, name: "app" }],
    ["ghcr.io/org/app", { host: "ghcr.io", name: "org/app" }],
    ["GHCR.io/org/app", { host: "ghcr.io", name: "org/app" }],
    ["localhost/app", { host: "localhost", name: "app" }],
    ["localhost:5000/a/b/c", { host: "localhost:5000", name: "a/b/c" }],
    ["[::1]:5000/app", { host: "[::1]:5000", name: "app" }],
    ["docker.io/app", { host: "docker.io", name: "library/app" }],
    ["index.docker.io/org/app", { host: "docker.io", name: "org/app" }],
    ["team/a--b__c.d", { host: HOST, name: "team/a--b__c.d" }],
  ])("%s is read by Docker's rule", (text, repository) => {
    expect(parseRepository(text, HOST)).toEqual({ value: repository });
  });

  test.each([
    ["", "write a name such as team/app"],
    ["Team/App", "write team/app"],
    ["ghcr.io/Org/app", "write org/app"],
    ["https://ghcr.io/org/app", "write ghcr.io/org/app"],
    ["team/app:1.2", "name only the repository, team/app, and the tag"],
    [`team/app@${DIGEST}`, "name only the repository, team/app"],
    ["team//app", "an empty part"],
    ["/team/app", "an empty part"],
    ["team/app/", "an empty part"],
    ["ghcr.io/", "no repository"],
    ["team/my app", 'holds " "'],
    ["team/größe", 'holds "ö"'],
    ["team/-app", 'the part "-app"'],
    ["team/app_", 'the part "app_"'],
    ["team/a..b", 'has ".."'],
    ["team/a___b", 'has "___"'],
    ["team/a.-b", 'has ".-"'],
    ["my_host.io/app", "is no host name"],
    ["host:99999/app", "no port from 1 to 65535"],
    ["app:feature/x", "no tag holds a slash"],
    ["a".repeat(255), "too long: with its registry it has 273 characters, and 255"],
  ])('"%s" is refused in words', (text, words) => {
    const message = messageOf(parseRepository(text, HOST), "image-name-invalid");
    expect(message).toContain(words);
    expect(message).toContain(`"${text}"`);
    expect(message).not.toMatch(/[\^$]|\[a-z/);
  });

  test("takes exactly the names of the grammar, and none that is too long for a client", () => {
    const piece = fc.constantFrom("a", "9", "B", ".", "_", "-", "/", "ab", " ");
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 12 }), (name) => {
        const text = `host.example/${name}`;
        expect("value" in parseRepository(text, HOST)).toBe(GRAMMAR.test(name));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a reference to read", () => {
  test.each([
    ["alpine", "docker.io", "library/alpine", undefined, undefined],
    ["alpine:3.20", "docker.io", "library/alpine", "3.20", undefined],
    ["org/app", "docker.io", "org/app", undefined, undefined],
    ["docker.io/alpine", "docker.io", "library/alpine", undefined, undefined],
    ["mcr.microsoft.com/dotnet/sdk:9.0", "mcr.microsoft.com", "dotnet/sdk", "9.0", undefined],
    [`ghcr.io/a/b:tag@${DIGEST}`, "ghcr.io", "a/b", "tag", DIGEST],
    [`localhost:5000/a@${DIGEST}`, "localhost:5000", "a", undefined, DIGEST],
    ["localhost:5000/a:b", "localhost:5000", "a", "b", undefined],
  ])("%s is taken apart as Docker does", (text, host, name, tag, digest) => {
    expect(readValue(parseReference(text))).toEqual({ repository: { host, name }, tag, digest });
  });

  test.each([
    ["", "is empty"],
    ["Alpine", "write library/alpine"],
    ["alpine:", "The tag"],
    ["alpine:a b", "a bad tag"],
    ["alpine@sha256:abc", "64 hex digits"],
    [`alpine@sha256:${"AB".repeat(32)}`, "64 hex digits"],
    [`alpine@md5:${"ab".repeat(16)}`, "64 hex digits"],
    ["docker://alpine", "write alpine"],
  ])('"%s" is refused in words', (text, words) => {
    expect(messageOf(parseReference(text), "image-reference-invalid")).toContain(words);
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(Object.keys(parseReference(text))).toHaveLength(1);
        expect(Object.keys(parseRepository(text, HOST))).toHaveLength(1);
      }),
    );
  });
});

describe("a tag", () => {
  test("is what the distribution spec says, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "Z", "0", "_", ".", "-", "/", "ä"), maxLength: 140 }),
        (text) => {
          expect("value" in parseTag(text)).toBe(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(text));
        },
      ),
    );
    expect(messageOf(parseTag("a".repeat(129)), "tag-invalid")).toContain("129 characters, and 128");
  });
});
