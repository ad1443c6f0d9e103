import { accessSync, constants } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** Where an entry of a kubeconfig stands, and who is told what is wrong with it. */
export interface EntryPlace {
  readonly name: string;
  /** The file. */
  readonly path: string;
  note(problem: string): void;
}

/** A field's text; undefined when it is empty or no text. */
export function readText(fields: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** The absolute path of a file that a field names; noted when it cannot be read. */
export function readFileField(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  { path, note }: EntryPlace,
): string | undefined {
  const text = readText(fields, key);
  if (text === undefined) return undefined;
  const file = isAbsolute(text) ? text : join(dirname(path), text);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    note(`${key}: the file ${file} cannot be read`);
  }
  return file;
}
