/**
 * Whether a name fits a pattern in which `*` stands for any text, also none, and `?` for one character. The whole name
 * must fit.
 */
export function matchesWildcard(name: string, pattern: string, options: { readonly ignoreCase?: true } = {}): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, options.ignoreCase ? "is" : "s").test(name);
}
