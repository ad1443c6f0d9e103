/** `repository:team/app:pull,push`: what a token is asked for. */
export function repositoryScope(name: string, actions: readonly string[]): string {
  return `repository:${name}:${actions.join(",")}`;
}

/** A scope's resource (`repository:team/app`) and its actions; a name may hold the colon of a port. */
export function splitScope(scope: string): readonly [string, readonly string[]] {
  const at = scope.lastIndexOf(":");
  return at < 0 ? [scope, []] : [scope.slice(0, at), scope.slice(at + 1).split(",")];
}

/** Whether what a token was asked for has everything that is wanted now. */
export function covers(had: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => {
    const [resource, actions] = splitScope(scope);
    return had
      .map(splitScope)
      .some(([same, granted]) => same === resource && actions.every((a) => granted.includes(a)));
  });
}

/** Both lists as one, with each resource named once. */
export function joinScopes(first: readonly string[], second: readonly string[]): readonly string[] {
  const joined = new Map<string, Set<string>>();
  for (const [resource, actions] of [...first, ...second].map(splitScope)) {
    joined.set(resource, new Set([...(joined.get(resource) ?? []), ...actions]));
  }
  return [...joined].map(([resource, actions]) => `${resource}:${[...actions].join(",")}`);
}
