import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { createShop, PASSWORD } from "./shop.ts";

describe("outputs of the root module", () => {
  test("those that are asked for become outputs of the step, texts as they are and the rest as JSON", async () => {
    const { named, outputs, code } = await act(createShop(), { outputs: "url\nports" });

    expect([code, named]).toEqual(["", { url: "https://pr-12.example.com", ports: "[80,443]" }]);
    expect(JSON.parse(`${outputs["outputs"]}`)).toEqual({ url: "https://pr-12.example.com", ports: [80, 443] });
  });

  test("a sensitive one is never given on, and the run says so", async () => {
    const scene = createShop();
    const given = { outputs: "url\npassword", variables: `password: ${PASSWORD}` };

    const { code, message, named } = await act(scene, given);

    expect([code, named]).toEqual(["output-sensitive", {}]);
    expect(message).toContain("outputs: password is sensitive");
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).not.toContain("apply");
  });

  test("one that is missing fails, and the others are named", async () => {
    const { code, message } = await act(createShop(), { outputs: "address" });

    expect([code, message]).toEqual(["output-missing", expect.stringContaining("There are: url, ports")]);
  });

  test("are read without any change", async () => {
    const scene = createShop();
    await act(scene, {});
    const before = [...scene.store.blobs].map(([name, { etag }]) => [name, etag]);

    const { code, named } = await act(scene, { command: "output", outputs: "url" });

    expect([code, named]).toEqual(["", { url: "https://pr-12.example.com" }]);
    expect([...scene.store.blobs].map(([name, { etag }]) => [name, etag])).toEqual(before);
  });

  test("of no state at all are none", async () => {
    const { code, outputs } = await act(createShop(), { command: "output" });

    expect([code, outputs["outputs"]]).toEqual(["", "{}"]);
  });
});
