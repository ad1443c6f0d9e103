import type { GitFacts } from "../../image/git-facts.ts";
import { parseRepository } from "../../image/parse-repository.ts";
import { collect, type Parsed, type Problem } from "../../image/problem.ts";
import type { Repository } from "../../image/repository.ts";
import { decideTags } from "../../image/tag-template.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { spec } from "./spec.ts";

type Inputs = Pick<InputsOf<typeof spec>, "images" | "tags" | "name">;

/** What the image is called, and where it goes. */
export interface ImagePlan {
  readonly name: string;
  readonly repositories: readonly [Repository, ...Repository[]];
  /** Without `latest`, which depends on what the registry has. */
  readonly tags: readonly string[];
  /** Lines of `tags` that this event has no value for, with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Names and tags from the inputs and the event, or every problem that they have.
 *
 * @param loginServer the host of names that bring none.
 */
export function planImage(inputs: Inputs, facts: GitFacts, loginServer: string): Parsed<ImagePlan> {
  const repositories = collect(inputs.images.map((text) => parseRepository(text, loginServer)));
  const tags = decideTags(inputs.tags, facts);
  const problems: readonly Problem[] = [repositories, tags].flatMap((one) => ("problems" in one ? one.problems : []));
  const [problem, ...others] = problems;
  if (problem !== undefined) return { problems: [problem, ...others] };
  if ("problems" in repositories || "problems" in tags) throw new Error("problems that were collected are gone");
  const [first, ...rest] = withoutTwins(repositories.value);
  if (first === undefined) throw new Error("images is a required input");
  return {
    value: {
      name: inputs.name ?? first.name.split("/").at(-1) ?? first.name,
      repositories: [first, ...rest],
      tags: tags.value.tags.map(({ name }) => name),
      leftOut: tags.value.skipped.map(({ template, because }) => `${template}: ${because}`),
    },
  };
}

function withoutTwins(repositories: readonly Repository[]): readonly Repository[] {
  const seen = new Map(repositories.map((one) => [`${one.host}/${one.name}`, one]));
  return [...seen.values()];
}
