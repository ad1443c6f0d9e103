import { readDockerfile } from "./dockerfile/read-dockerfile.ts";
import { findNeeds } from "./dockerfile/stage-graph.ts";
import { readSyntax } from "./dockerfile/syntax.ts";

/** What a Dockerfile takes from elsewhere. */
export interface Foundations {
  /** Images by the names that the builder will ask for, each once. */
  readonly images: readonly string[];
  /** What comes from elsewhere and cannot be told by a look: with any of these, the same text may build something else. */
  readonly doubts: readonly string[];
}

/**
 * The images that the built stages begin with, copy from or mount, with the build arguments put in, for every platform;
 * stages are none, and of named contexts only those that are an image. Docker's own frontend in `# syntax=` is left out:
 * it does not decide what an image holds. Another one may read the file in any way.
 */
export function findFoundations(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  buildContexts: Readonly<Record<string, string>>,
  choice: { readonly target?: string | undefined; readonly platforms?: readonly string[] } = {},
): Foundations {
  const dockerfile = readDockerfile(text);
  const { target, platforms = [] } = choice;
  const wanted = platforms.length === 0 ? [undefined] : platforms;
  const needs = wanted.map((platform) => findNeeds(dockerfile, { target, buildArgs, buildContexts, platform }));
  const contexts = new Set(needs.flatMap((one) => one.contexts));
  const named = [...contexts].map((name) => readContext(name, buildContexts[name] ?? ""));
  const images = [
    ...needs.flatMap((one) => one.images.map(({ reference }) => reference)),
    ...named.flatMap((one) => ("image" in one ? [one.image] : [])),
  ];
  const syntax = readSyntax(text);
  const doubts = [
    ...(syntax === undefined || DOCKERS_OWN.test(syntax) ? [] : [`the frontend ${syntax} is not Docker's own`]),
    ...needs.flatMap(({ unresolved }) => unresolved.map(({ line, because }) => `line ${line}: ${because}`)),
    ...needs.flatMap(({ fetches }) =>
      fetches
        .filter(({ checksum }) => !checksum)
        .map(({ url, line }) => `line ${line}: ADD ${renderFetch(url)} has no --checksum`),
    ),
    ...named.flatMap((one) => ("doubt" in one ? [one.doubt] : [])),
  ];
  return { images: [...new Set(images)], doubts: [...new Set(doubts)] };
}

const DOCKERS_OWN = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

function renderFetch(url: string): string {
  return url.startsWith("$") ? `takes ${url}, which may be an address and` : `fetches ${url}, which`;
}

function readContext(name: string, value: string): { readonly image: string } | { readonly doubt: string } {
  const image = /^docker-image:\/\/(.+)$/.exec(value)?.[1];
  return image === undefined ? { doubt: `the named context ${name} (${value}) is not looked into` } : { image };
}
