import type { BuildRequest } from "./build-request.ts";

/** The builders that cannot do all that buildx can. */
export type LesserBuilder = "docker" | "acr-tasks";

/** One thing that a request may ask for. */
interface Wish {
  readonly input: string;
  readonly what: string;
  readonly asked: (request: BuildRequest) => boolean;
}

const PLATFORMS: Wish = {
  input: "platforms",
  what: "builds one platform at a time",
  asked: ({ platforms }) => platforms.length > 1,
};
const CACHE_FROM: Wish = {
  input: "cache-from",
  what: "reads no cache from elsewhere",
  asked: ({ cacheFrom }) => cacheFrom.length > 0,
};

/** What neither of them can do. */
const BOTH: readonly Wish[] = [
  { input: "cache-to", what: "writes no cache", asked: ({ cacheTo }) => cacheTo.length > 0 },
  {
    input: "provenance",
    what: "attests nothing",
    asked: ({ provenance }) => provenance !== undefined && provenance !== "false",
  },
  { input: "sbom", what: "writes no bill of materials", asked: ({ sbom }) => sbom },
  {
    input: "build-contexts",
    what: "has one context only",
    asked: ({ buildContexts }) => Object.keys(buildContexts).length > 0,
  },
  { input: "secrets", what: "has no secrets of a build", asked: ({ secrets }) => secrets.length > 0 },
  { input: "ssh", what: "forwards no SSH agent", asked: ({ ssh }) => ssh.length > 0 },
  {
    input: "annotations",
    what: "writes no annotations",
    // The computed ones are labels as well, so that nothing is lost with them.
    asked: ({ annotations, labels }) => Object.entries(annotations).some(([key, value]) => labels[key] !== value),
  },
  { input: "outputs", what: "exports nothing besides the image", asked: ({ outputs }) => outputs.length > 0 },
];

const WISHES: Readonly<Record<LesserBuilder, readonly Wish[]>> = {
  docker: [
    PLATFORMS,
    ...BOTH,
    {
      ...CACHE_FROM,
      what: "takes only names of images as a cache",
      asked: ({ cacheFrom }) => cacheFrom.some((one) => /[=,]/.test(one)),
    },
  ],
  "acr-tasks": [...BOTH, CACHE_FROM],
};

const NAMES: Readonly<Record<LesserBuilder, string>> = { docker: "plain docker build", "acr-tasks": "ACR Tasks" };

/** What of a request a builder cannot do, all at once, each as a sentence that begins with the input. */
export function listUnsupported(builder: LesserBuilder, request: BuildRequest): readonly string[] {
  return WISHES[builder]
    .filter(({ asked }) => asked(request))
    .map(({ input, what }) => `${input}: ${NAMES[builder]} ${what}; use builder: buildx`);
}
