import { appendFileSync } from "node:fs";
import { createSecretMasker } from "../runner/secret-masker.ts";
import { createStageRecord } from "../runner/stage-record.ts";
import { findStandIn } from "../runner/stand-ins.ts";

/** Where stand-ins find and leave what a server would keep. */
export interface StubPlaces {
  /** What a checkout brings. */
  readonly checkout: string;
  readonly artifacts: string;
}

/** Runs one of the harness's stand-ins as the action that this process is: what it reports and gives is the step's. */
export function runStub(repository: string, { checkout, artifacts }: StubPlaces): void {
  const standIn = findStandIn(repository);
  if (standIn === undefined) throw new Error(`Nothing stands in for ${repository}`);
  const variable = (name: string): string => process.env[name] ?? "";
  const inputs = Object.keys(standIn.manifest.inputs).map((name) => [name, variable(`INPUT_${name.toUpperCase()}`)]);
  const workspace = variable("GITHUB_WORKSPACE");
  const outputs: Record<string, string> = {};
  const writer = { lines: [], masker: createSecretMasker(), onLine: () => undefined };
  const record = createStageRecord(writer, "stub", "main");
  const github = {
    repository: variable("GITHUB_REPOSITORY"),
    ref: variable("GITHUB_REF"),
    sha: variable("GITHUB_SHA"),
    server_url: variable("GITHUB_SERVER_URL"),
    run_id: variable("GITHUB_RUN_ID"),
  };
  const folders = { workspace, root: artifacts };
  const run = { github, folders, job: { repositoryRoot: checkout, checkout, artifacts } };
  const status = standIn.run({ run, record, outputs }, Object.fromEntries(inputs));
  for (const { kind, text } of record.log) console.log(kind === "plain" ? text : `::${kind}::${escapeData(text)}`);
  for (const [name, value] of Object.entries(outputs)) appendFileSync(variable("GITHUB_OUTPUT"), `${name}=${value}\n`);
  if (status !== "success") process.exitCode = 1;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
