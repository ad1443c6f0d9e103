/**
 * The permissions that would do, in the words of a workflow file: `pull-requests: write`.
 *
 * @param header `x-accepted-github-permissions`, such as `issues=write; pull_requests=write`: lists between commas,
 * and any of the lists between semicolons is enough.
 * @param preferred the permission to name where several would do, and where GitHub names none
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
 */
export function choosePermissions(header: string | undefined, preferred: string): readonly string[] {
  const sets = (header ?? "")
    .split(";")
    .map((set) => set.split(",").flatMap(readPermission))
    .filter((set) => set.length > 0);
  // Who has to write reads first, and should not have to come back for the second permission.
  const reading = preferred.replace(/: (?:write|admin)$/, ": read");
  if (sets.some((set) => set.length === 1 && set[0] === reading)) return [preferred];
  return sets.find((set) => set.includes(preferred)) ?? sets[0] ?? [preferred];
}

function readPermission(text: string): readonly string[] {
  const [, name, level] = /^\s*([a-z_]+)=(read|write|admin)\s*$/.exec(text) ?? [];
  return name === undefined ? [] : [`${name.replaceAll("_", "-")}: ${level}`];
}
