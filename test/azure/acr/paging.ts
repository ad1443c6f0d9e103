/** One page of a list by `last` and `n`, and the header that leads to the next one. */
export function pageOf<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  url: URL,
  pageSize: number,
): { readonly items: readonly T[]; readonly link: Readonly<Record<string, string>> } {
  const last = url.searchParams.get("last");
  const size = Number(url.searchParams.get("n") ?? pageSize) || pageSize;
  const start = last === null || last === "" ? 0 : all.findIndex((item) => nameOf(item) === last) + 1;
  const from = start === 0 && last !== null && last !== "" ? all.findIndex((item) => nameOf(item) > last) : start;
  const items = from < 0 ? [] : all.slice(from, from + size);
  const end = items.at(-1);
  if (end === undefined || from + size >= all.length) return { items, link: {} };
  const orderBy = url.searchParams.get("orderby") ?? "";
  const query = `last=${encodeURIComponent(nameOf(end))}&n=${size}&orderby=${orderBy}`;
  return { items, link: { link: `<${url.pathname}?${query}>; rel="next"` } };
}
