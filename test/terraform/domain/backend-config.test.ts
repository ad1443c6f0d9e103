import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { listBackendSecrets, parseBackendConfig, renderBackendFile } from "../../../src/terraform/backend-config.ts";
import { readTfvars } from "../../../src/terraform/tfvars.ts";
import { anyCharacter } from "../../any-character.ts";
import { identifier } from "./hcl.ts";
import { messageOf, readValue } from "./parsed.ts";

describe("backend-config", () => {
  test("is settings, and at most one file with more of them", () => {
    const lines = [
      "key=mayfly/1/pr-2.tfstate",
      "sas_token = sv=2024&sig=a=b",
      'container_name = "tfstate"',
      "env/preview.tfbackend",
      "empty=",
    ];
    expect(readValue(parseBackendConfig(lines))).toEqual({
      values: { key: "mayfly/1/pr-2.tfstate", sas_token: "sv=2024&sig=a=b", container_name: "tfstate", empty: "" },
      file: "env/preview.tfbackend",
    });
    expect(readValue(parseBackendConfig([]))).toEqual({ values: {}, file: undefined });
  });

  test("is refused with all its mistakes, and without its values", () => {
    const message = messageOf(
      parseBackendConfig(["a b=secret-1", "key=secret-2", "key=secret-3", "one.hcl", "two.hcl", "=secret-4"]),
      "backend-config-invalid",
    );
    expect(message.split("\n")).toHaveLength(4);
    for (const words of ['line 1 has "a b"', '"key" stands twice', "(one.hcl, two.hcl)", "line 6"]) {
      expect(message).toContain(words);
    }
    expect(message).not.toContain("secret-");
  });

  test("becomes a file that says the same, literally", () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }).map((any) => any.toWellFormed()),
      fc.string({ unit: fc.constantFrom("$", "{", "%", "}", '"', "\\", "\n", "\b", "\f", "n", "u") }),
    );
    fc.assert(
      fc.property(fc.dictionary(identifier, text, { noNullPrototype: true }), (values) => {
        expect(readTfvars(renderBackendFile(values), "x.tfbackend")).toEqual(values);
      }),
    );
  });

  test("has secrets by their names", () => {
    const secrets = [
      "access_key",
      "sas_token",
      "client_secret",
      "client_certificate_password",
      "password",
      "secret_key",
      "token",
      "oidc_token",
      "oidc_request_token",
      "conn_str",
      "encryption_key",
      "credentials",
      "client_private_key_pem",
    ];
    const open = [
      "key",
      "storage_account_name",
      "oidc_token_file_path",
      "client_secret_file_path",
      "shared_credentials_file",
      "use_oidc",
      "kms_key_id",
      "username",
    ];
    const values = Object.fromEntries([...secrets, ...open].map((name) => [name, `of ${name}`]));
    expect(listBackendSecrets(values)).toEqual(secrets.map((name) => `of ${name}`));
    expect(listBackendSecrets({ access_key: "" })).toEqual([]);
  });
});
