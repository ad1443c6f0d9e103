import { renderReference } from "../../image/repository.ts";
import type { OutputsOf } from "../../kit/define-action.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";

/** The outputs of a run, as far as it came. */
export function makeOutputs(
  story: Story,
  loginServer: string | undefined,
  files: { readonly imageFile: string | undefined; readonly metadata: string | undefined },
): OutputsOf<typeof spec> {
  const { digest, repositories } = story;
  const refs = digest === undefined ? [] : repositories.map((one) => renderReference(one, digest));
  const standing = story.moves.filter(({ outcome }) => ["moved", "already", "left"].includes(outcome));
  return {
    digest,
    digests: JSON.stringify(Object.fromEntries(story.images.map((image) => [image.platform, image.digest]))),
    image: refs[0],
    refs: refs.join("\n"),
    tags: standing.map(({ repository, tag }) => renderReference(repository, tag)).join("\n"),
    outcome: story.outcome,
    builder: story.builder?.kind,
    "login-server": loginServer,
    metadata: files.metadata,
    "image-file": files.imageFile,
    "run-id": story.runId,
  };
}
