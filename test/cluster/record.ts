import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import type { Layout } from "./layout.ts";

/** What can be put into a cluster when it starts. */
export const ADDONS = ["dns", "nats", "keda"] as const;
export type Addon = (typeof ADDONS)[number];

/** What was started, written when it was ready. */
export interface ClusterRecord {
  readonly startedAt: string;
  readonly issuer: string;
  readonly addons: readonly Addon[];
  /** `identityOf` the first process in the node's namespaces. */
  readonly first: string;
}

/** The record of a cluster that was ready once; undefined when there is none. */
export function readRecord({ record }: Layout): ClusterRecord | undefined {
  return existsSync(record) ? (JSON.parse(readFileSync(record, "utf8")) as ClusterRecord) : undefined;
}

/** Writes the record in one step. */
export async function writeRecord({ record }: Layout, content: ClusterRecord): Promise<void> {
  await writeFile(`${record}.new`, JSON.stringify(content, null, 2));
  await rename(`${record}.new`, record);
}
