import { type ImageLine, renderTarget } from "./parse-images.ts";

/**
 * What each image is called in the output `images`: the last part of its repository, as `acr-build-push` calls it; the
 * whole path, and then the tag, too, where that alone would mean several. Signs that such a name may not hold
 * (`IMAGE_NAME`) become hyphens.
 */
export function nameImages(images: readonly ImageLine[]): ReadonlyMap<ImageLine, string> {
  const forms: readonly ((image: ImageLine) => string)[] = [
    ({ to }) => clean(to.name.split("/").at(-1) ?? to.name),
    ({ to }) => clean(to.name),
    (image) => clean(renderTarget(image)),
  ];
  const names = new Map<ImageLine, string>();
  const taken = new Set<string>();
  for (const image of images) {
    const form = forms.find((one) => images.every((other) => other === image || one(other) !== one(image)));
    const name = free((form ?? forms[2])?.(image) ?? image.to.name, taken);
    taken.add(name);
    names.set(image, name);
  }
  return names;
}

function clean(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "-");
}

/** `a.b` and `a-b` have one name: the later one gets a number. */
function free(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}
