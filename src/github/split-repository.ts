import { UserError } from "../kit/user-error.ts";

/** `owner/name` as the API takes it. @throws UserError `github-repository-invalid` */
export function splitRepository(repository: string): { readonly owner: string; readonly repo: string } {
  const [, owner = "", repo = ""] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  // A path would leave out `.`, and climb at `..`.
  if (owner === "" || /^\.{0,2}$/.test(repo) || /^\.{1,2}$/.test(owner)) {
    const text = `repository: expected owner/name, got ${JSON.stringify(repository)}. On a runner it is GITHUB_REPOSITORY.`;
    throw new UserError("github-repository-invalid", text);
  }
  return { owner, repo };
}
