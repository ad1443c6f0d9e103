import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of terraform. A missing one fails the test, here as in CI: a test that is left out looks like one that passed.
 *
 * @throws Error that says where it was looked for
 */
export function needTerraform(path = process.env["PATH"] ?? ""): string {
  const places = path.split(delimiter).filter((folder) => folder !== "");
  const found = places.map((folder) => join(folder, "terraform")).find(isProgram);
  if (found !== undefined) return found;
  throw new Error(`This test runs terraform, and there is none on PATH (${path}). Install it:
  https://developer.hashicorp.com/terraform/install`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
