import type { Act, Scene, Stage } from "./act.ts";
import { listBuilderNeeds } from "./image-builder.ts";
import { type ImageStory, listImageFaults } from "./image-outcome.ts";
import { type Cause, runPublish, runPurge } from "./publish-run.ts";
import { listImages, type Shop, TAGS } from "./shop.ts";
import { FIRST, type Files, MISTAKE, README_ONLY, WITH_MISTAKE, WITHOUT_MISTAKE } from "./shop-sources.ts";
import type { Theatre } from "./theatre.ts";

const PULL = 7;
const BRANCH = "euros";
const TITLE = "Show prices in euros";
const IMAGES = ["shop/api", "shop/web"] as const;

/** What makes a run start, and what should come of it. */
interface Plan {
  readonly cause: Cause;
  readonly story: ImageStory;
}

/** An act, with how it is played. */
interface Script extends Pick<Act, "name" | "story"> {
  readonly run: typeof runPublish;
  /** Changes what has to change before, and says what to expect. */
  plan(shop: Shop): Plan;
}

/**
 * The images of a shop, from a first push to the purge of a pull request. Each act goes on with what the one before it
 * left, so they all need the same.
 */
export function listPublishActs(theatre: Theatre, openShop: () => Promise<Shop>): readonly Act[] {
  const needs = listBuilderNeeds();
  return [...listPushes(), ...listPullRequest()].map(({ name, story, run, plan }) => ({
    name,
    story,
    needs,
    run: async (stage) => {
      const shop = await openShop();
      return perform(theatre, shop, run, plan(shop), stage);
    },
  }));
}

async function perform(theatre: Theatre, shop: Shop, run: Script["run"], plan: Plan, stage: Stage): Promise<Scene> {
  const { azure } = theatre;
  const before = await shop.registry.contents();
  const from = azure.traffic.requests.length;
  const record = await run(theatre, shop, plan.cause, stage);
  const images = record.outputs?.["images"] ?? "";
  if (images !== "") shop.handedOn.set(record.branch, images);
  const requests = azure.traffic.requests.slice(from);
  const after = await shop.registry.contents();
  const faults = listImageFaults(plan.story, { run: record, before, after, requests });
  return { run: record, part: TAGS, before: listImages(before), after: listImages(after), requests, faults };
}

function listPushes(): readonly Script[] {
  return [
    {
      name: "A push to main",
      story:
        "A shop has two images, api and web. Each is built in a job of its own, by a real builder, and pushed with the job's federated identity: there is no password. The tags come last.",
      run: runPublish,
      plan: ({ repository }) => {
        const title = "Sell lamps and chairs";
        const commit = repository.commit(title, FIRST);
        const added = IMAGES.flatMap((image) => [`${image}:main`, nameMain(image, commit), `${image}:ctx-*`]);
        const outcomes = { "Build api": "built", "Build web": "built" } as const;
        const manifests = { "shop/api": "more", "shop/web": "more" } as const;
        return { cause: { number: 17, title, commit }, story: { conclusion: "success", outcomes, added, manifests } };
      },
    },
    {
      name: "A push that changes no image",
      story:
        "Only README.md differs. The content of both images is known, so nothing is built: the new commit's tags are put on the images that are there.",
      run: runPublish,
      plan: ({ repository }) => {
        const title = "Say what we sell";
        const commit = repository.commit(title, README_ONLY);
        const story: ImageStory = {
          conclusion: "success",
          outcomes: { "Build api": "reused", "Build web": "reused" },
          added: IMAGES.map((image) => nameMain(image, commit)),
          same: IMAGES.map((image) => [`${image}:main`, nameMain(image, commit)] as const),
          manifests: { "shop/api": "as many", "shop/web": "as many" },
        };
        return { cause: { number: 18, title, commit }, story };
      },
    },
  ];
}

function listPullRequest(): readonly Script[] {
  /** Tags of the commits that were pushed to it. */
  const tags: string[] = [];
  const push = ({ repository }: Shop, number: number, files: Files): Cause => {
    repository.go(BRANCH);
    const commit = repository.commit(TITLE, files);
    tags.push(`pr-${PULL}-${shorten(commit)}`);
    return { number, title: TITLE, commit, pull: { number: PULL, branch: BRANCH, merge: repository.merge(BRANCH) } };
  };
  return [
    {
      name: "A pull request with a mistake",
      story: `Pull request ${PULL} changes web, and names a page that does not exist. The job of web ends red and points at the line; the one of api finds nothing to build. Of half a build nothing is handed on.`,
      run: runPublish,
      plan: (shop) => {
        const cause = push(shop, 19, WITH_MISTAKE);
        const story: ImageStory = {
          conclusion: "failure",
          outcomes: { "Build api": "reused", "Build web": undefined },
          added: [`shop/api:pr-${PULL}`, `shop/api:${tags[0]}`],
          same: [["shop/api:main", `shop/api:pr-${PULL}`]],
          manifests: { "shop/api": "as many", "shop/web": "as many" },
          blames: MISTAKE,
        };
        return { cause, story };
      },
    },
    {
      name: "The line is mended",
      story:
        "The next push to the pull request: web is built and stands beside the one of main, and api is still main's.",
      run: runPublish,
      plan: (shop) => {
        const cause = push(shop, 20, WITHOUT_MISTAKE);
        const story: ImageStory = {
          conclusion: "success",
          outcomes: { "Build api": "reused", "Build web": "built" },
          added: [`shop/api:${tags[1]}`, `shop/web:pr-${PULL}`, `shop/web:${tags[1]}`, "shop/web:ctx-*"],
          same: [
            ["shop/api:main", `shop/api:${tags[1]}`],
            [`shop/web:pr-${PULL}`, `shop/web:${tags[1]}`],
          ],
          manifests: { "shop/api": "as many", "shop/web": "more" },
        };
        return { cause, story };
      },
    },
    {
      name: "The pull request is closed",
      story: `Its tags go, and its image of web with them. The image of api stays, since main has it; so do the tags of pull request ${PULL}1, whose number only begins alike.`,
      run: runPurge,
      plan: ({ repository }) => {
        const [first, second] = tags;
        const story: ImageStory = {
          conclusion: "success",
          outcomes: {},
          gone: [
            ...[`pr-${PULL}`, first, second].map((tag) => `shop/api:${tag}`),
            ...[`pr-${PULL}`, second, "ctx-*"].map((tag) => `shop/web:${tag}`),
          ],
          manifests: { "shop/api": "as many", "shop/web": "fewer" },
        };
        const pull = { number: PULL, branch: BRANCH, merge: repository.merge(BRANCH) };
        return { cause: { number: 4, title: TITLE, commit: pull.merge, pull }, story };
      },
    },
  ];
}

/** The tag that a commit of main gets. */
function nameMain(image: string, commit: string): string {
  return `${image}:main-${shorten(commit)}`;
}

const shorten = (commit: string): string => commit.slice(0, 7);
