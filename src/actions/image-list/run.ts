import { parseImagesFile } from "../../image/images-file.ts";
import { type ImageRecordFile, mergeImages } from "../../image/merge-images.ts";
import { type PushedImage, parsePushedImages, renderPushedImages } from "../../image/pushed-image.ts";
import type { InputsOf, OutputsOf, Run } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { valueOrRefusal } from "./refusal.ts";
import { renderSummary } from "./render-summary.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;
type Command = (inputs: Inputs, world: World) => Promise<OutputsOf<typeof spec>>;

const DEFAULT_FILE = ".mayfly/images.yml";

/** Reads, splits or merges, and tells of each image in the log. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  checkInputs(inputs);
  return { outputs: await COMMANDS[inputs.command](inputs, world) };
};

const read: Command = async ({ list, imagesFile }, world) => {
  const file = list === undefined ? (imagesFile ?? DEFAULT_FILE) : undefined;
  const text = list ?? (await readList(file ?? "", imagesFile !== undefined, world));
  const entries = valueOrRefusal(parseImagesFile(text, file), world.log);
  for (const { name, images, context } of entries) {
    world.log.info(`${name}: ${images.replaceAll("\n", ", ")}, from ${context ?? "."}`);
  }
  return { ...countNames(entries), matrix: JSON.stringify(entries) };
};

const split: Command = async ({ list = "" }, world) => {
  const images = valueOrRefusal(parsePushedImages(list), world.log);
  tellOf(images, world);
  return { ...countNames(images), matrix: JSON.stringify(images), images: renderPushedImages(images) };
};

const merge: Command = async ({ folder = "", expected }, world) => {
  const paths = await world.listRecords(folder);
  const files: ImageRecordFile[] = [];
  for (const path of paths) files.push({ path, text: (await world.readText(path)) ?? "" });
  const images = valueOrRefusal(mergeImages(files, expected), world.log);
  if (images.length === 0) {
    throw new UserError("images-missing", `There is no file image-*.json in ${folder}: did the jobs hand theirs on?`);
  }
  tellOf(images, world);
  await world.summarize(renderSummary(images));
  return { ...countNames(images), images: renderPushedImages(images) };
};

const COMMANDS: Readonly<Record<Inputs["command"], Command>> = { read, split, merge };

/** Inputs that each command knows, besides `command`, and the one that it cannot do without. */
const TAKES = {
  read: { inputs: ["imagesFile", "list"], needs: undefined },
  split: { inputs: ["list"], needs: "list" },
  merge: { inputs: ["folder", "expected"], needs: "folder" },
} as const;
const NAMES = { imagesFile: "images-file", list: "list", folder: "folder", expected: "expected" } as const;

function checkInputs(inputs: Inputs): void {
  const { command } = inputs;
  const takes: readonly string[] = TAKES[command].inputs;
  const given = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter((name) => (inputs[name] ?? "").length > 0);
  const strange = given.filter((name) => !takes.includes(name));
  const problems = strange.map((name) => `${NAMES[name]}: expected nothing with command: ${command}`);
  const needs = TAKES[command].needs;
  if (needs !== undefined && !given.includes(needs))
    problems.push(`${needs}: expected a value with command: ${command}`);
  if (command === "read" && given.includes("list") && given.includes("imagesFile"))
    problems.push("list, images-file: expected one of them, both were given");
  if (problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
}

async function readList(file: string, named: boolean, world: World): Promise<string> {
  const text = await world.readText(file);
  if (text !== undefined) return text;
  const mend = named
    ? "Give its path from the repository's root, and check the repository out before this step."
    : "Write the list there, name another file (images-file: path/to/images.yml), or give the repositories of one image (images: team/app).";
  throw new UserError("images-file-not-found", `There is no list of images at ${file}. ${mend}`);
}

function countNames(images: readonly { readonly name: string }[]) {
  return { names: images.map(({ name }) => name).join("\n"), count: images.length };
}

function tellOf(images: readonly PushedImage[], { log }: Pick<World, "log">): void {
  for (const { name, repository, tag, digest } of images) log.info(`${name}: ${repository}:${tag}@${digest}`);
}
