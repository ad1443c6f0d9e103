import type { RecordedRequest } from "../../test/azure/traffic.ts";
import type { Inventory, Scene } from "./act.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { count } from "./moments.ts";

/** A table of all that stood in Azure: at first, and after each act. */
export function renderInventory(scenes: readonly Scene[]): string {
  const moments = [scenes[0]?.before ?? [], ...scenes.map(({ after }) => after)];
  const names = [...new Set(moments.flatMap((moment) => moment.map(({ name }) => name)))].toSorted(compareNames);
  const head = ["Resource group", "At first", ...scenes.map((_, index) => `After act ${index + 1}`)];
  const rows = names.map((name) => {
    const seen = moments.map((moment) => moment.find((one) => one.name === name));
    const cells = seen.map((one, index) => renderCell(one, seen[index - 1], index === 0));
    const gone = seen.at(-1) === undefined ? ' class="was"' : "";
    return `<tr><td${gone}><code>${escapeHtml(name)}</code></td>${cells.join("")}</tr>`;
  });
  const counts = moments.map((moment) => `<td>${count(moment.length, "group")}</td>`);
  return `<div class="box scroll"><table class="inventory"><thead><tr>${head.map((title) => `<th>${title}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody><tfoot><tr><td></td>${counts.join("")}</tr></tfoot></table></div>`;
}

/** Between the parts of a note. */
const SEPARATOR = " · ";

function renderCell(now: Inventory | undefined, before: Inventory | undefined, first: boolean): string {
  if (now === undefined) return before === undefined ? "<td></td>" : `<td class="gone">gone</td>`;
  if (first) return `<td>${escapeHtml(now.note)}</td>`;
  if (now.note !== before?.note) {
    const known = new Set(before?.note.split(SEPARATOR));
    const changed = now.note.split(SEPARATOR).filter((part) => !known.has(part));
    return `<td class="changed">${escapeHtml(changed.join(SEPARATOR) || now.note)}</td>`;
  }
  return `<td class="same">${renderIcon("success")}<span>still there</span></td>`;
}

const compareNames = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

/** The requests of an act, one line each, with a bar that shows when it came and how long its answer took. */
export function renderRequests({ requests }: Scene): string {
  const [first] = requests;
  if (first === undefined) return "";
  const from = first.at.getTime();
  const to = Math.max(...requests.map(({ at, milliseconds }) => at.getTime() + milliseconds));
  const rows = requests.map((request) => renderRequest(request, from, Math.max(to - from, 1)));
  const hosts = new Set(requests.map(({ host }) => host));
  return `<details class="box requests"><summary>${renderIcon("chevron")}<b>${count(requests.length, "request")}</b> to ${count(hosts.size, "host")}, as the emulator recorded them</summary><div class="scroll"><table>${rows.join("")}</table></div></details>`;
}

function renderRequest(request: RecordedRequest, from: number, spanMs: number): string {
  const { method, host, path, status, at, milliseconds, faults } = request;
  const start = at.getTime() - from;
  const bar = `<i style="left:${percent(start, spanMs)};width:max(2px,${percent(milliseconds, spanMs)})"></i>`;
  const family = status >= 400 ? "bad" : status === 202 ? "accepted" : "good";
  const fault = faults === undefined ? "" : ` <em>${escapeHtml(faults.join(", "))}</em>`;
  return `<tr class="${family}"><td>+${(start / 1000).toFixed(2)} s</td><td class="method ${method.toLowerCase()}">${method}</td><td class="url" title="${escapeHtml(request.url)}"><span>${escapeHtml(shortHost(host))}</span>${escapeHtml(shortPath(path))}${fault}</td><td>${status}</td><td class="bar"><div>${bar}</div></td></tr>`;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;

/** Hosts of jobs have a name that says nothing. */
const shortHost = (host: string): string => host.replace(/^run-actions-.*?\./, "…");

/** A path without what is the same in every line or only a number: the whole is in the tooltip. */
function shortPath(path: string): string {
  return path
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, "…")
    .replace(/(operationresults\/.{12}).*/i, "$1…");
}
