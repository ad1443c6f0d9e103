import { expect } from "@jest/globals";
import { nameOf, type Played, type Scene } from "./scene.ts";

/** The JSON report, as far as tests read it. */
export interface Report {
  readonly schema: string;
  readonly complete: boolean;
  readonly end?: { readonly because: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly groups: readonly {
    readonly name: string;
    readonly fate: { readonly kind: string };
    readonly outcome?: { readonly kind: string; readonly because?: string };
  }[];
}

/** The report in RUNNER_TEMP of a job that is over. */
export function readReport(played: Pick<Played, "left">): Report | undefined {
  const [, text] = [...played.left].find(([path]) => /mayfly-reaper-[^/]+\/report\.json$/.test(path)) ?? [];
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}

/** What the summary's table says of each group: name to verdict. */
export function readVerdicts(summary: string): ReadonlyMap<string, string> {
  const [, table = ""] = /### Marked groups\n\n([\s\S]*?)\n\n/.exec(`${summary}\n\n`) ?? [];
  const rows = table.matchAll(/^\| `([^`]+)` \| [^|]* \| ([^|]*) \| .* \|$/gm);
  return new Map([...rows].map(([, name = "", verdict = ""]) => [name, verdict]));
}

/** Outcomes that say that ARM was asked to delete; any other says so in words. */
const ASKED = new Set(["asked", "accepted", "gone", "still-deleting", "blocked", "rolled-back", "came-back"]);
const VERDICTS: Readonly<Record<string, string>> = {
  asked: "⏳ deleting",
  accepted: "⏳ deleting",
  "still-deleting": "⏳ deleting",
  gone: "✅ deleted",
  vanished: "✅ deleted",
  failed: "❌ not deleted",
  blocked: "❌ not deleted",
  "rolled-back": "❌ not deleted",
  changed: "⏭️ left alone",
  "not-started": "⏭️ left alone",
};

/**
 * Compares a report with what ARM itself recorded: each DELETE that reached ARM is told, a group is told as deleted only
 * when it is gone, and as being deleted only when it was asked for; the summary says the same as the report.
 */
export function expectTruth(scene: Scene, played: Played): void {
  const report = readReport(played);
  if (report === undefined) throw new Error(`No report; the log ends: ${played.log.at(-1)?.text}`);
  const alive = new Set(scene.names());
  const outcomes = new Map(report.groups.map(({ name, outcome }) => [name, outcome?.kind]));
  const sent = scene.azure.traffic.find({ method: "DELETE" }).filter(({ status }) => status !== 429);
  const accepted = new Set(scene.azure.arm.deletions.map(({ group }) => group));
  for (const { name, outcome } of report.groups) {
    if (!sent.some(({ path }) => nameOf(path) === name)) continue;
    const told = ASKED.has(outcome?.kind ?? "") || outcome?.because?.startsWith("DELETE was sent") === true;
    expect([name, outcome, told]).toEqual([name, outcome, true]);
  }
  for (const [name, outcome] of outcomes) {
    if (outcome === "gone") expect([name, accepted.has(name), alive.has(name)]).toEqual([name, true, false]);
    if (outcome === "accepted" || outcome === "still-deleting")
      expect([name, accepted.has(name)]).toEqual([name, true]);
  }
  const verdicts = readVerdicts(played.summary);
  for (const { name, fate, outcome } of report.groups) {
    if (fate.kind !== "expired") continue;
    const said = outcome === undefined ? "⏸️ not started" : VERDICTS[outcome.kind];
    expect([name, verdicts.get(name)]).toEqual([name, said]);
  }
}
