import { renderDuration } from "../../kit/duration.ts";
import { details, type Section, table } from "../../kit/markdown.ts";
import { listAdvice } from "../../terraform/diagnostics/faults.ts";
import type { Story } from "../../terraform/story.ts";
import { clean, count, span, words } from "../render-text.ts";
import { renderMinute } from "./render-headline.ts";

/** What the log says of the others, which stand below here. */
const ELSEWHERE = /^\d+ more errors?: see the summary\.$/;

/** The one message of a failure, without what its errors tell below, and the notes, as callouts. */
export function renderCallouts({ failure, notes, status, diagnostics }: Story): readonly Section[] {
  const kind = status === "cancelled" ? "WARNING" : "CAUTION";
  const told = new Set(diagnostics.flatMap((one) => (one.severity === "error" ? listAdvice(one) : [])));
  const lines = failure === undefined ? [] : clean(failure.message).split("\n").slice(0, 30);
  const said = lines
    .filter((line) => line.trim() !== "" && !told.has(line) && !ELSEWHERE.test(line))
    .map((line) => `> ${words(line, 1500)}`);
  return [
    ...(said.length === 0 ? [] : [{ text: `> [!${kind}]\n${said.join("\n>\n")}` }]),
    ...notes.slice(0, 20).map((note) => ({ text: `> [!NOTE]\n> ${words(note, 1000)}` })),
  ];
}

/** Who holds the state. */
export function renderLock({ lock, now }: Story): readonly Section[] {
  if (lock === undefined) return [];
  const { created } = lock;
  const since =
    created === undefined ? "" : `${renderMinute(created)} (${renderDuration(now.getTime() - created.getTime())} ago)`;
  const rows = [
    ["Held by", lock.who],
    ["For", lock.operation.replace(/^OperationType/, "").toLowerCase()],
    ["Since", since],
    ["State", lock.path],
    ["With terraform", lock.version],
  ].filter(([, value]) => value !== "");
  return [
    {
      text: table(
        ["Lock", span(lock.id)],
        rows.map(([name = "", value = ""]) => [name, words(value)]),
      ),
    },
  ];
}

/** What a destroy left: the receipt. */
export function renderReceipt({ receipt }: Story): readonly Section[] {
  if (receipt === undefined) return [];
  const { destroyed, groups, state } = receipt;
  const head = table(["Receipt", `${count(destroyed, "resource")} destroyed`], []);
  const rows = [
    `| State | ${words(state)} |`,
    ...groups
      .toSorted((a, b) => Number(a.gone) - Number(b.gone))
      .map(({ name, gone }) => `| Group ${span(name)} | ${gone ? "✅ proven gone" : "❌ still there"} |`),
  ];
  return [{ text: head, rows, omitted: (missing) => `\n_${missing} groups more._` }];
}

/** Outputs of the root module, which have no secret in them. */
export function renderOutputs({ outputs }: Story): readonly Section[] {
  const names = Object.keys(outputs);
  if (names.length === 0) return [];
  const rows = names.map((name) => `| ${span(name, 100)} | ${span(unquote(outputs[name] ?? ""), 500)} |`);
  return [
    {
      text: table(["Output", "Value"], []),
      rows,
      omitted: (missing) => `\n_Showing ${names.length - missing} of ${names.length} outputs._`,
    },
  ];
}

/** A text is easier to copy without its quotes. */
function unquote(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : json;
  } catch {
    return json;
  }
}

/** What a plan does to outputs. */
export function renderOutputChanges({ plan }: Story): readonly Section[] {
  const changes = plan?.outputs.filter(({ kind }) => kind !== "no-op") ?? [];
  if (changes.length === 0) return [];
  const rows = changes
    .slice(0, 100)
    .map(({ name, kind, before, after }) => [
      span(name, 100),
      kind,
      before === undefined ? "–" : span(before, 200),
      after === undefined ? "–" : span(after, 200),
    ]);
  const left = changes.length - rows.length;
  const body = `${table(["Output", "What", "Before", "After"], rows)}${left === 0 ? "" : `\n\n_… and ${left} more_`}`;
  return [{ text: details(`${count(changes.length, "output")} to change`, body) }];
}

/** Where and with what: for who compares two runs. */
export function renderFacts(story: Story): Section {
  const facts = [
    story.tool === "" ? "" : words(renderTool(story)),
    story.directory === "" || story.directory === "." ? "" : `in ${span(story.directory)}`,
    story.workspace === "" || story.workspace === "default" ? "" : `workspace ${span(story.workspace)}`,
    story.backend === "" ? "" : `state ${span(story.backend)}`,
    story.headSha === "" ? "" : `commit ${span(story.headSha.slice(0, 12))}`,
  ].filter((fact) => fact !== "");
  return { text: facts.length === 0 ? "" : facts.join(" · ") };
}

/** What applies an approved plan has not planned, and tells its version late; but no other may apply the plan. */
function renderTool({ tool, plan }: Story): string {
  return plan === undefined || /\d/.test(tool) ? tool : `${tool} ${plan.terraformVersion}`;
}

/** A link to the run's page; nothing for an address that is none. */
export function renderRunLink(url: string): string {
  return /^https?:\/\/[\w.:/-]+$/.test(url) ? `[run](${url})` : "";
}
