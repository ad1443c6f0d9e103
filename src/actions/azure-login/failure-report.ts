import { code, details, fenced, plain, SUMMARY_BUDGET_BYTES, table, withinBudget } from "../../kit/markdown.ts";
import { listReadyLines } from "../../oidc/credential-lines.ts";
import type { Refusal } from "../../oidc/refusal.ts";
import { renderRefusal } from "../../oidc/render-refusal.ts";
import { listNearMisses, traceSubject } from "../../oidc/subject-trace.ts";
import { shellQuote } from "../../paste/quote.ts";

/** A part of the full explanation: a folded group of the log. */
export interface Chapter {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The full explanation of a refused login for the log. The annotation has the short one. */
export function listChapters(refusal: Refusal): readonly Chapter[] {
  const { claims, clientId } = refusal.attempt;
  if (claims === undefined) return [];
  const why = { title: "Why the subject is what it is", lines: traceSubject(claims).map((line) => `- ${line}`) };
  if (!isAboutCredential(refusal)) return [why];
  const misses = listNearMisses(claims).map(({ subject, why }) => `- ${subject}  (${why})`);
  return [
    why,
    ...(misses.length === 0 ? [] : [{ title: "Subjects that look right and do not match", lines: misses }]),
    { title: "What the identity has now", lines: listInspection(clientId) },
    ...listReadyLines(clientId, claims).map(({ tool, kind, text }) => ({
      title: `Add the federated credential: ${tool} (${kind})`,
      lines: text.split("\n"),
    })),
  ];
}

/** The same for the step's summary, in Markdown. */
export function renderFailureSummary(refusal: Refusal): string {
  const { claims, clientId, tenantId } = refusal.attempt;
  const head = `### Azure login failed\n\n${fenced(renderRefusal(refusal), "text")}`;
  if (claims === undefined) return withinBudget([{ text: head }], SUMMARY_BUDGET_BYTES);
  const presented = table(
    ["", "Presented to Entra"],
    [
      ["issuer", code(claims.issuer)],
      ["subject", code(claims.subject)],
      ["audience", code(claims.audience)],
      ["client id", code(clientId)],
      ["tenant", code(tenantId)],
    ],
  );
  const trace = `**Why the subject is what it is**\n\n${traceSubject(claims)
    .map((line) => `- ${plain(line)}`)
    .join("\n")}`;
  if (!isAboutCredential(refusal)) return join([head, presented, trace]);
  const misses = listNearMisses(claims).map(({ subject, why }) => `- ${code(subject)} ${plain(`(${why})`)}`);
  return join([
    head,
    presented,
    trace,
    ...(misses.length === 0 ? [] : [`**Subjects that look right and do not match**\n\n${misses.join("\n")}`]),
    details("What the identity has now", fenced(listInspection(clientId).join("\n"), "bash")),
    "**Add the federated credential**, for a managed identity or for an app, whichever the client id is",
    ...listReadyLines(clientId, claims).map(({ tool, kind, language, text }) =>
      details(`${tool} (${kind})`, fenced(text, language)),
    ),
  ]);
}

function join(sections: readonly string[]): string {
  return withinBudget(
    sections.map((text) => ({ text })),
    SUMMARY_BUDGET_BYTES,
  );
}

/** True when a federated credential is what is missing or wrong. */
function isAboutCredential({ meaning }: Refusal): boolean {
  return meaning.claim !== undefined || meaning.code === "federated-credential-mismatch";
}

function listInspection(clientId: string): readonly string[] {
  const query = shellQuote(`[?clientId=='${clientId}'].[name, resourceGroup]`);
  return [
    "# a managed identity",
    `read -r IDENTITY GROUP < <(az identity list --query ${query} --output tsv)`,
    'az identity federated-credential list --identity-name "$IDENTITY" --resource-group "$GROUP" --output table',
    "# an app",
    `az ad app federated-credential list --id ${shellQuote(clientId)} --output table`,
  ];
}
