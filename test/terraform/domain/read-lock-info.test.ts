import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readTextDiagnostics } from "../../../src/terraform/diagnostics/read-text-diagnostics.ts";
import { readLockInfo, readLockInfoText, readLockMetadata } from "../../../src/terraform/read-lock-info.ts";
import { readRecorded, readWork } from "./streams.ts";

const HOLDER = "564ffa5e-b093-6d81-00a6-8dadd2b566ec";
const BLOCK = `Lock Info:
  ID:        b3a70a5b-f32f-9a82-e5a9-fba749ae9dec
  Path:      tfstate/mayfly/1/pr-12.tfstate
  Operation: OperationTypeApply
  Who:       runner@fv-az1
  Version:   1.11.4
  Created:   2026-11-21 19:39:07.194559897 +0000 UTC
  Info:      `;
const locked = (message: string) =>
  readLockInfo([
    {
      severity: "error",
      summary: "Error acquiring the state lock",
      detail: `Error message: ${message}\n${BLOCK}\n\n\nTerraform acquires a state lock`,
      address: undefined,
      range: undefined,
    },
  ]);

describe("who holds a lock", () => {
  test("is what the local backend tells of the holder", () => {
    expect(readLockInfo(readWork("lock-local").diagnostics)).toEqual({
      id: "b3a70a5b-f32f-9a82-e5a9-fba749ae9dec",
      path: "terraform.tfstate",
      operation: "OperationTypeApply",
      who: "runner@fv-az1",
      version: "1.11.4",
      created: new Date("2026-11-21T19:39:07.194Z"),
    });
  });

  test("is only an id with http, which tells of who asks", () => {
    const nobody = { path: "", operation: "", who: "", version: "", created: undefined };
    expect(readLockInfo(readWork("lock-http").diagnostics)).toEqual({ id: HOLDER, ...nobody });
    expect(readLockInfoText(readRecorded("lock-http.txt"))).toEqual({ id: HOLDER, ...nobody });
  });

  test.each([
    ["azurerm", "state blob is already locked"],
    ["local", "resource temporarily unavailable"],
    ["s3", "operation error DynamoDB: PutItem, ConditionalCheckFailedException"],
    ["consul", "Lock already held"],
  ])("is what %s tells of the holder", (_, message) => {
    expect(locked(message)).toMatchObject({ who: "runner@fv-az1", path: "tfstate/mayfly/1/pr-12.tfstate" });
  });

  test.each([
    "Workspace is already locked: default",
    "Already locked for workspace creation: default",
    "Cannot lock workspace; already locked for workspace creation: default",
  ])("is not known with pg, which tells of who asks: %s", (message) => {
    expect(locked(message)).toBeUndefined();
  });

  test("is nobody where no lock stood in the way", () => {
    expect(readLockInfo(readWork("apply-failed").diagnostics)).toBeUndefined();
    expect(readLockInfo(readWork("unlock-failed").diagnostics)).toBeUndefined();
    expect(
      readLockInfo(readTextDiagnostics("Error: Error acquiring the state lock\n\nError message: EOF\n")),
    ).toBeUndefined();
  });
});

describe("the note of a lock in a blob's metadata", () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

  test("is read as terraform writes it", () => {
    const value = {
      ID: HOLDER,
      Operation: "OperationTypeApply",
      Info: "",
      Who: "runner@fv-az1",
      Version: "1.11.4",
      Created: "2026-11-21T19:39:07.194559897Z",
      Path: "tfstate/pr-12",
    };
    expect(readLockMetadata(encode(value))).toEqual({
      id: HOLDER,
      path: "tfstate/pr-12",
      operation: "OperationTypeApply",
      who: "runner@fv-az1",
      version: "1.11.4",
      created: new Date("2026-11-21T19:39:07.194Z"),
    });
  });

  test("with an odd time has none", () => {
    for (const Created of ["0001-01-01T00:00:00Z", "yesterday", 7, "2026-13-01T00:00:00Z"]) {
      expect(readLockMetadata(encode({ ID: HOLDER, Created }))).toMatchObject({ id: HOLDER, created: undefined });
    }
  });

  test.each([
    "",
    "%%%",
    encode([]),
    encode(null),
    encode("x"),
    encode({ ID: "" }),
    encode({ id: HOLDER }),
    encode({ ID: 7 }),
  ])("that is none, %j, says nothing", (text) => {
    expect(readLockMetadata(text)).toBeUndefined();
  });

  test("never fails, whatever stands there", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.jsonValue().map(encode)), (text) => void readLockMetadata(text)));
  });
});
