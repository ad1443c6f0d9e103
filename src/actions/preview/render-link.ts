import { span, words } from "../render-text.ts";

const LONGEST = 2_000;

/**
 * An address that may become a link: http or https, without a login in it, which would show one host and lead to
 * another. Undefined for everything else.
 */
export function readAddress(text: string): URL | undefined {
  const url = text.length <= LONGEST ? URL.parse(text) : null;
  const safe = url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.password}` === "";
  // An IPv6 address has brackets, which Markdown has its own ideas about.
  return safe && !url.host.startsWith("[") ? url : undefined;
}

/** A link; an address that may not become one is left away. The label is Markdown. */
export function link(label: string, address: string): string {
  const url = readAddress(address);
  return url === undefined ? label : `[${label}](<${escapeTarget(url.href)}>)`;
}

/** As Markdown takes it inside `<…>`, in a table too. */
function escapeTarget(href: string): string {
  return href
    .replace(/[^\w.~:/?#@!$&',;=%-]/gu, (one) => encodeURIComponent(one.toWellFormed()).replace(/[*()]/g, encodeSign))
    .replaceAll("&", "&amp;");
}

/** `encodeURIComponent` leaves these as they are, and Markdown does not. */
function encodeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * An address as people read it, without its scheme, leading to itself; a code span where it may not lead anywhere. What
 * is shown is where it leads: names in other scripts are written as a browser sends them.
 */
export function renderAddress(address: string): string {
  const url = readAddress(address);
  if (url === undefined) return span(address);
  const { host, pathname, search, hash } = url;
  return link(words(`${host}${pathname}${search}${hash}`.replace(/\/$/, ""), 200), address);
}

/** A commit, leading to its page. */
export function renderCommit(sha: string, serverUrl: string, repository: string): string {
  const short = span(sha.slice(0, 7));
  const known = /^[0-9a-f]{40}$/i.test(sha) && /^[\w.-]+\/[\w.-]+$/.test(repository);
  return known ? link(short, `${serverUrl}/${repository}/commit/${sha}`) : short;
}
