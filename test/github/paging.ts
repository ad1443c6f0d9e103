import { jsonResponse, type WireResponse } from "../azure/wire.ts";

const DEFAULT = 30;
const MOST = 100;

/**
 * One page of a list, with a Link header as GitHub writes it: links by the repository's id, not by its name. Some lists
 * are an object, with the number of all beside those under `wrapped`.
 */
export function page(
  url: URL,
  repositoryId: number,
  rest: string,
  items: readonly unknown[],
  wrapped?: string,
): WireResponse {
  const perPage = Math.min(positive(url.searchParams.get("per_page")) ?? DEFAULT, MOST);
  const number = positive(url.searchParams.get("page")) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    const target = new URL(`https://api.github.com/repositories/${repositoryId}/${rest}`);
    for (const [name, value] of url.searchParams) target.searchParams.set(name, value);
    target.searchParams.set("page", `${to}`);
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(Math.min(number - 1, last), "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
    ...(number > 1 ? [link(1, "first")] : []),
  ];
  const headers = links.length === 0 ? {} : { link: links.join(", ") };
  const shown = items.slice((number - 1) * perPage, number * perPage);
  return jsonResponse(200, wrapped === undefined ? shown : { total_count: items.length, [wrapped]: shown }, headers);
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
