import type { RecordedRequest } from "../../test/azure/traffic.ts";
import type { Inventory, Scene } from "./act.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { count } from "./moments.ts";
import { compareNames, countThings, type PartHistory, renderChange } from "./parts.ts";

/** A table of all that stood in a part of Azure: at first, and after each act. */
export function renderInventory({ part, atFirst, moments: acts }: PartHistory): string {
  const moments = [atFirst, ...acts.map(({ after }) => after)];
  const all = new Map(moments.flatMap((moment) => moment.map((one) => [one.name, one])));
  const head = [part.title, "At first", ...acts.map(({ act }) => `After act ${act}`)];
  const rows = [...all.values()]
    .toSorted((a, b) => compareNames(a.name, b.name))
    .map(({ name, holder }) => {
      const seen = moments.map((moment) => moment.find((one) => one.name === name));
      const cells = seen.map((one, index) => renderCell(one, seen[index - 1], index === 0));
      const gone = seen.at(-1) === undefined ? ' class="was"' : "";
      const own = holder === true ? ' class="holder"' : "";
      return `<tr${own}><td${gone}><code>${escapeHtml(name)}</code></td>${cells.join("")}</tr>`;
    });
  const counts = moments.map((moment) => `<td>${count(countThings(moment), part.noun)}</td>`);
  return `<div class="box scroll"><table class="inventory"><thead><tr>${head.map((title) => `<th>${escapeHtml(title)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody><tfoot><tr><td></td>${counts.join("")}</tr></tfoot></table></div>`;
}

function renderCell(now: Inventory | undefined, before: Inventory | undefined, first: boolean): string {
  if (now === undefined) return before === undefined ? "<td></td>" : `<td class="gone">gone</td>`;
  if (first) return `<td>${escapeHtml(now.note)}</td>`;
  if (now.note !== before?.note) {
    return `<td class="changed">${escapeHtml(renderChange(before?.note, now.note))}</td>`;
  }
  return `<td class="same">${renderIcon("success")}<span>still there</span></td>`;
}

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
  const { method, host, path, query, status, at, milliseconds, faults } = request;
  const start = at.getTime() - from;
  const bar = `<i style="left:${percent(start, spanMs)};width:max(2px,${percent(milliseconds, spanMs)})"></i>`;
  const family = status >= 400 ? "bad" : status === 202 ? "accepted" : "good";
  const fault = faults === undefined ? "" : ` <em>${escapeHtml(faults.join(", "))}</em>`;
  return `<tr class="${family}"><td>+${(start / 1000).toFixed(2)} s</td><td class="method ${method.toLowerCase()}">${method}</td><td class="url" title="${escapeHtml(request.url)}"><span>${escapeHtml(shortHost(host))}</span>${escapeHtml(shortPath(path))}${renderOperation(query)}${fault}</td><td>${status}</td><td class="bar"><div>${bar}</div></td></tr>`;
}

/** What storage does with a blob besides reading and writing it: its lease, its metadata. */
function renderOperation({ comp }: RecordedRequest["query"]): string {
  return comp === undefined ? "" : escapeHtml(`?comp=${comp}`);
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;

/** Hosts of jobs have a name that says nothing. */
const shortHost = (host: string): string => host.replace(/^run-actions-.*?\./, "…");

/** A path without what is the same in every line or only a number: the whole is in the tooltip. */
function shortPath(path: string): string {
  return path
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, "…")
    .replace(/([0-9a-f]{12})[0-9a-f]{20,}/g, "$1…")
    .replace(/(operationresults\/.{12}).*/i, "$1…");
}
