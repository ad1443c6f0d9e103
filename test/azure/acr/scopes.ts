/** What a token lets its bearer do with one thing. */
export interface Access {
  /** `repository`, `registry`, `artifact-repository`. */
  readonly type: string;
  /** `*` stands for every repository where the registry lets it. */
  readonly name: string;
  readonly actions: readonly string[];
}

/** Reads scopes, each field may hold several between blanks: `repository:team/app:pull,push registry:catalog:*`. */
export function parseScopes(fields: readonly string[]): readonly Access[] {
  const texts = fields.flatMap((field) => field.split(" ")).filter((text) => text !== "");
  return texts.flatMap((text) => {
    const [, type, name, actions] = /^([a-z-]+):(.+):([^:]*)$/.exec(text) ?? [];
    if (type === undefined || name === undefined || actions === undefined) return [];
    return [{ type, name, actions: actions.split(",").filter((action) => action !== "") }];
  });
}

export function renderScope({ type, name, actions }: Access): string {
  return `${type}:${name}:${actions.join(",")}`;
}

/** az writes two of them in another way. */
export function plainAction(action: string): string {
  return { metadataRead: "metadata_read", metadataWrite: "metadata_write" }[action] ?? action;
}

/** Whether what was granted has all that is needed. */
export function covers(granted: readonly Access[], needed: readonly Access[]): boolean {
  return needed.every(({ type, name, actions }) =>
    actions.every((action) =>
      granted.some(
        (each) =>
          sameKind(each.type, type) &&
          (each.name === name || each.name === "*") &&
          each.actions.some((have) => have === "*" || plainAction(have) === action),
      ),
    ),
  );
}

/** Helm says `artifact-repository` where others say `repository`. */
function sameKind(a: string, b: string): boolean {
  return a.replace(/^artifact-/, "") === b.replace(/^artifact-/, "");
}
